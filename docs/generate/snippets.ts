/** The regions of an example by name: the text between `// #region name` and `// #endregion`. */
export const regionsOf = (source: string): ReadonlyMap<string, string> =>
  new Map(
    [...source.matchAll(/^\/\/ #region (\w+)\n([\s\S]*?)^\/\/ #endregion/gm)].map(
      ([, name = '', text = '']) => [name, text.trim()],
    ),
  )

/** The TypeScript blocks of a Markdown page. */
export const typeScriptOf = (page: string): readonly string[] =>
  [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, text = '']) => text.trim())
