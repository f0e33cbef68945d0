import {
  type ErasedThrough,
  type PersonalDataErased,
  type PersonalDataKind,
  type PersonalReference,
  personalDataKinds,
} from '../ports/personal-data.ts'
import type { TrailEntry } from '../ports/storage.ts'
import { isObject } from './entry.ts'
import type { Problem } from './finding.ts'
import { personalReferences } from './personal-data.ts'
import type { credentialIdOf } from './vault.ts'

/** Returns the event if it is an erasure. */
export const erasureIn = (event: unknown): PersonalDataErased | undefined =>
  isObject(event) &&
  event['type'] === 'PersonalDataErased' &&
  isObject(event['through']) &&
  Array.isArray(event['held'])
    ? // Its members are read one by one, and those of another type are ignored.
      (event as unknown as PersonalDataErased)
    : undefined

/** Whether the personal value behind a reference is present, missing or changed. */
const stateOf = (idOf: typeof credentialIdOf, personal: unknown, kind: PersonalDataKind, digest: string) => {
  const ofKind = isObject(personal) ? personal[kind] : undefined
  const opening = isObject(ofKind) ? ofKind[digest] : undefined
  if (opening === undefined) return 'missing'
  // A lone surrogate has the UTF-8 encoding of U+FFFD, and so the same digest.
  const isText = typeof opening === 'string' && opening.isWellFormed()
  return isText && idOf(opening) === digest ? 'present' : 'changed'
}

/** The references in an entry; `undefined` if it is nested too deeply, which the chain reports. */
const referencesIn = (value: unknown): readonly PersonalReference[] | undefined => {
  try {
    return personalReferences(value)
  } catch {
    return undefined
  }
}

/** Whether an entry holds a personal value that it does not refer to. */
const hasSurplus = (personal: unknown, referred: ReadonlySet<string>): boolean =>
  personal !== undefined &&
  (!isObject(personal) ||
    Object.values(personal).some(
      (ofKind) => !isObject(ofKind) || Object.keys(ofKind).some((digest) => !referred.has(digest)),
    ))

/**
 * Verifies the personal data of one trail, entry by entry: whether each value matches its reference and, at
 * the end, whether exactly the missing values were erased. It keeps two numbers per kind.
 *
 * @rule PRI-02
 */
export const personalCheck = (idOf: typeof credentialIdOf) => {
  const lastMissing: Partial<Record<PersonalDataKind, number>> = {}
  const firstPresent: Partial<Record<PersonalDataKind, number>> = {}
  const erased: Partial<Record<PersonalDataKind, number>> = {}
  let changed: number | undefined
  return {
    take: ({ seq, actor, event, context, personal }: TrailEntry): void => {
      const references = referencesIn([actor, event, context])
      if (references === undefined) return
      for (const { personal: kind, digest } of references) {
        const found = stateOf(idOf, personal, kind, digest)
        if (found === 'missing') lastMissing[kind] = Math.max(lastMissing[kind] ?? 0, seq)
        else if (found === 'present') firstPresent[kind] ??= seq
        else changed ??= seq
      }
      if (hasSurplus(personal, new Set(references.map(({ digest }) => digest)))) changed ??= seq
      const erasure = erasureIn(event)
      for (const kind of personalDataKinds) {
        const through = erasure?.through[kind]
        if (typeof through === 'number' && through < seq) erased[kind] = Math.max(erased[kind] ?? 0, through)
      }
    },
    /** The last erased entry of each kind. */
    erased: (): ErasedThrough => erased,
    problems: (): readonly Problem[] => [
      ...(changed === undefined
        ? []
        : [{ code: 'personal-data-changed', rule: 'PRI-02', seq: changed } as const]),
      ...personalDataKinds.flatMap((kind): readonly Problem[] => {
        const [missing, present, through = 0] = [lastMissing[kind], firstPresent[kind], erased[kind]]
        return [
          ...(missing !== undefined && missing > through
            ? [{ code: 'personal-data-missing', rule: 'PRI-02', kind, seq: missing } as const]
            : []),
          ...(present !== undefined && present <= through
            ? [{ code: 'personal-data-not-erased', rule: 'PRI-02', kind, seq: present } as const]
            : []),
        ]
      }),
    ],
  }
}
