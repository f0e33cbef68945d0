/** What the site's search looks through. */
import type { Comment, DeclarationReflection, DocumentReflection, IndexEvent } from 'typedoc'

/**
 * The words of a Markdown text as its readers see them, without tags, addresses and markup. An asterisk within
 * a word would be more than noise: lunr reads it as a wildcard in its own index, and every search that meets
 * the word finds nothing.
 */
export const searchText = (text: string): string =>
  text
    .replace(/<\/?[a-z][^>]*>/gi, ' ')
    .replace(/\]\([^)\s]*\)/g, ' ')
    .replace(/&[a-z]+;/gi, ' ')
    .replace(/[*`[\]|#\\]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

const wordsOf = (comments: readonly (Comment | undefined)[]): string =>
  comments
    .flatMap((comment) => [
      ...(comment?.summary ?? []),
      ...(comment?.blockTags ?? []).flatMap(({ content }) => content),
    ])
    .map(({ text }) => text)
    .join('\n')

/** The texts of one result, in the fields that TypeDoc searches. */
const fieldsOf = (result: DeclarationReflection | DocumentReflection): Record<string, string> =>
  result.isDocument()
    ? { document: searchText(result.content.map(({ text }) => text).join('\n')) }
    : {
        comment: searchText(
          wordsOf([result.comment, ...(result.signatures ?? []).map(({ comment }) => comment)]),
        ),
      }

/** Puts plain words in place of the Markdown that TypeDoc would search. */
export const searchPlainWords = ({ searchResults, searchFields }: IndexEvent): void => {
  for (const [i, result] of searchResults.entries()) searchFields[i] = fieldsOf(result)
}
