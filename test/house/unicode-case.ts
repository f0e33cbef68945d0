import ts from 'typescript'
import { nodesOf, parse, type SourceText } from './sources.ts'

const converters = ['toLowerCase', 'toUpperCase', 'toLocaleLowerCase', 'toLocaleUpperCase']

const isConversion = (node: ts.Node) =>
  ts.isPropertyAccessExpression(node) && converters.includes(node.name.text)

/** With both flags, `/k/` matches a Kelvin sign, and `/s/` a long s. */
const isFolding = (flags: string) => flags.includes('i') && /[uv]/.test(flags)

const isFoldingPattern = (node: ts.Node) =>
  (ts.isRegularExpressionLiteral(node) && isFolding(/[a-z]*$/.exec(node.text)?.[0] ?? '')) ||
  (ts.isNewExpression(node) &&
    node.expression.getText() === 'RegExp' &&
    node.arguments?.[1] !== undefined &&
    isFolding(node.arguments[1].getText().replace(/^['"]|['"]$/g, '')))

/** Where the letter case of all scripts is converted or ignored: the path and the expression. */
export const unicodeCase = (sources: readonly SourceText[]): readonly string[] =>
  sources.flatMap((source) =>
    nodesOf(parse(source))
      .filter((node) => isConversion(node) || isFoldingPattern(node))
      .map((node) => `${source.path}: ${node.getText()}`),
  )
