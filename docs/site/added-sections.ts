/** Sections that generated data of other parts of the project adds to the page of a rule. */
import type { AddedSection } from './rule-page.ts'

/** The sections, in their order. */
export const addedSections = (): readonly AddedSection[] => []
