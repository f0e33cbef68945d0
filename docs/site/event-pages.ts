/**
 * A page for each event that can be in a trail: its fields, and the rows of the state machines that cause it.
 */
import { shownMachines } from '../generate/machines.ts'
import { head, row } from '../generate/rulebook-page.ts'
import { ruleLink } from '../generate/words.ts'
import { siteAddress } from './addresses.ts'

/** An event of one kind of record, as listed on the page of stored formats. */
interface ListedEvent {
  readonly name: string
  readonly kind: string
  readonly fields: string
}

const sectionTitle = '## States and events by kind of record'

/** Every event on the page of stored formats, by kind of record. */
export const listedEvents = (formats: string): readonly ListedEvent[] => {
  const section = (formats.split(sectionTitle)[1] ?? '').split(/^## /m)[0] ?? ''
  return section
    .split(/^### /m)
    .slice(1)
    .flatMap((part) => {
      const kind = part.split('\n')[0] ?? ''
      const table = part.split('| event | fields |')[1] ?? ''
      return [...table.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, name = '', fields = '']) => ({
        ...{ name, kind, fields },
      }))
    })
}

const causes = (name: string) =>
  shownMachines.flatMap(({ title, transitions }) =>
    transitions.flatMap((each) =>
      each.outcome.kind === 'events' && each.outcome.events.some((event) => event.replace(/\?$/, '') === name)
        ? [{ title, each }]
        : [],
    ),
  )

const machineLink = (title: string) => `[${title}](machines.md#${title.toLowerCase().replaceAll(' ', '-')})`

/** The page of one event, with links relative to `docs/`. */
const eventPage = (name: string, listed: readonly ListedEvent[]): string => {
  const rows = causes(name)
  return `${[
    `# ${name}`,
    'An event of the audit trail. Beside the fields below it has `type`, `at` and `rule`; the entry around it is described in [Stored formats](formats.md#trail-entry).',
    [head('Kind of record', 'Fields'), ...listed.map(({ kind, fields }) => `| ${kind} | ${fields} |`)].join(
      '\n',
    ),
    ...(rows.length === 0
      ? ['No row of a state machine causes it: it is written beside them.']
      : [
          '## Caused by',
          [
            head('Machine', 'Command', 'At', 'When', 'Rule'),
            ...rows.map(({ title, each: { on, from, when, rule } }) =>
              row(
                machineLink(title),
                `\`${on}\``,
                from.join(', '),
                when.join(', and ') || 'otherwise',
                ruleLink(rule),
              ),
            ),
          ].join('\n'),
        ]),
  ].join('\n\n')}\n`
}

/** The pages, by event name. */
export const eventPages = (formats: string): ReadonlyMap<string, string> => {
  const listed = listedEvents(formats)
  const names = [...new Set(listed.map(({ name }) => name))].sort()
  return new Map(
    names.map((name) => [
      name,
      eventPage(
        name,
        listed.filter((event) => event.name === name),
      ),
    ]),
  )
}

/** The index of all events. */
export const eventIndex = (formats: string): string => {
  const listed = listedEvents(formats)
  const kinds = [...new Set(listed.map(({ kind }) => kind))]
  return `${[
    '# Events',
    'Every event that the audit trail of a record can have. Each page shows its fields, and the transitions that cause it.',
    ...kinds.flatMap((kind) => [
      `## ${kind}`,
      listed
        .filter((event) => event.kind === kind)
        .map(({ name }) => `- [\`${name}\`](${siteAddress(`events/${name}`)})`)
        .join('\n'),
    ]),
  ].join('\n\n')}\n`
}
