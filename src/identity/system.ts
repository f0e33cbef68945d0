import { isOneOf } from '../kernel/membership.ts'

/**
 * A system with a sign-in page: the terminals (CCASS for HKSCC and DB, CCMS for HKCC and SEOCH), or the
 * Security Management Functions.
 *
 * @rule ACC-12
 * @category Access
 */
export type System = 'CCASS/CCMS' | 'DMS'

/**
 * The systems to which holders sign in.
 *
 * @category Access
 * @rule ACC-12
 */
export const systems = ['CCASS/CCMS', 'DMS'] as const satisfies readonly System[]

/**
 * Whether a value, e.g. from a form, is a system.
 *
 * @category Access
 * @rule ACC-12
 */
export const isSystem: (value: unknown) => value is System = /* @__PURE__ */ isOneOf(systems)
