/** Links the rule numbers in doc comments to the pages of the rules. */
import type { Comment, CommentDisplayPart, ProjectReflection } from 'typedoc'
import { ruleAddress } from './addresses.ts'
import { withRuleLinks } from './markdown.ts'

const linked = (parts: readonly CommentDisplayPart[], rules: ReadonlySet<string>): CommentDisplayPart[] =>
  parts.map((part) =>
    part.kind === 'text'
      ? {
          ...part,
          text: withRuleLinks(part.text, (rule) => (rules.has(rule) ? ruleAddress(rule) : undefined)),
        }
      : part,
  )

const linkComment = (comment: Comment, rules: ReadonlySet<string>) => {
  comment.summary = linked(comment.summary, rules)
  for (const tag of comment.blockTags) tag.content = linked(tag.content, rules)
}

/** Links the rule numbers in every comment, in `@rule` tags and in the text. */
export const linkRules = (project: ProjectReflection, rules: ReadonlySet<string>): void => {
  const comments = Object.values(project.reflections).flatMap(({ comment }) => comment ?? [])
  // Several reflections can share one comment.
  for (const comment of new Set(comments)) linkComment(comment, rules)
}
