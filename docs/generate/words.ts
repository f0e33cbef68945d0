import type { Phase } from '../../src/access-control/timeline.ts'

/** A rule's number as a link to its row in the rulebook. */
export const ruleLink = (id: string): string => `[${id}](rulebook.md#${id.toLowerCase()})`

/** The column titles of the phases. */
export const phaseTitles: Readonly<Record<Phase, string>> = {
  'before-registration': 'Before registration',
  registration: 'Registration',
  'parallel-run': 'Parallel run',
  decommissioned: 'Decommissioned',
}

/** `reset-password`, `otherNames` → `reset password`, `other names`. */
export const inWords = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('-', ' ')
    .toLowerCase()
