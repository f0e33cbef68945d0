/**
 * The sign-in pages: the terminals' (CCASS for HKSCC and DB, CCMS for HKCC and SEOCH), and the Security
 * Management Functions'.
 *
 * @rule ACC-12
 */
export type System = 'CCASS/CCMS' | 'DMS'
