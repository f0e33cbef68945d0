import { isOneOf } from '../kernel/membership.ts'

/**
 * The sign-in pages: the terminals' (CCASS for HKSCC and DB, CCMS for HKCC and SEOCH), and the Security
 * Management Functions'.
 *
 * @rule ACC-12
 * @category Access
 */
export type System = 'CCASS/CCMS' | 'DMS'

/**
 * Every system that can be signed in to.
 *
 * @category Access
 * @rule ACC-12
 */
export const systems = ['CCASS/CCMS', 'DMS'] as const satisfies readonly System[]

/**
 * Whether a value, e.g. of a form, names a system.
 *
 * @category Access
 * @rule ACC-12
 */
export const isSystem: (value: unknown) => value is System = /* @__PURE__ */ isOneOf(systems)
