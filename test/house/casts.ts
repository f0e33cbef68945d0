import ts from 'typescript'
import { nodesOf, parse, type SourceText } from './sources.ts'

/** How many lines above a cast its reason may stand. */
const reach = 12

const isCast = (node: ts.Node): node is ts.AsExpression =>
  ts.isAsExpression(node) && node.type.getText() !== 'const'

/** The statement of the file in which a node stands. */
const outermost = (node: ts.Node): ts.Node => (ts.isSourceFile(node.parent) ? node : outermost(node.parent))

/** The casts whose reason is told by no comment: above them, in the same declaration. `as const` needs none. */
export const unexplainedCasts = (sources: readonly SourceText[]): readonly string[] =>
  sources.flatMap((source) => {
    const file = parse(source)
    const lines = source.text.split('\n')
    const lineAt = (position: number) => file.getLineAndCharacterOfPosition(position).line
    const casts = nodesOf(file).filter(isCast)
    const bare = casts.filter((cast) => {
      const line = lineAt(cast.type.getStart())
      const first = Math.max(lineAt(outermost(cast).getFullStart()), line - reach)
      return !lines.slice(first, line + 1).some((text) => /^\s*(?:[?:] )?\/\/ (?!biome-ignore)/.test(text))
    })
    return [...new Set(bare.map((cast) => `${source.path}:${lineAt(cast.type.getStart()) + 1}`))]
  })
