/** The parts of the generated site: their contents are complete, and dead links are found. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { shownMachines } from '../../docs/generate/machines.ts'
import { diagramOf, edgesOf } from '../../docs/generate/machines-page.ts'
import { refusalGuides } from '../../docs/generate/refusal-guides.ts'
import { inPackage, readTree } from '../../docs/generate/tree.ts'
import { siteTargets, withRelativeAddresses } from '../../docs/site/addresses.ts'
import { deadSiteLinks } from '../../docs/site/dead-links.ts'
import { listedEvents } from '../../docs/site/event-pages.ts'
import { allEvidence } from '../../docs/site/evidence.ts'
import { machinePicture } from '../../docs/site/machine-picture.ts'
import { withRuleLinks, withTargets } from '../../docs/site/markdown.ts'
import type { SitePage } from '../../docs/site/pages.ts'
import { searchText } from '../../docs/site/search-text.ts'
import { sitePages } from '../../docs/site/site-pages.ts'
import { sourceHtml } from '../../docs/site/source-page.ts'
import { rulebook } from '../../src/policy/rulebook.ts'

const rules = new Set<string>(rulebook.map(({ id }) => id))
const pages = sitePages('a commit', [
  { title: 'Added', textOf: ({ rule }) => (rule.id === 'PW-01' ? 'more' : undefined) },
])
const evidence = allEvidence([])
const linesOf = (path: string) => readFileSync(inPackage(path), 'utf8').split('\n')

describe('AUD-05 · the pages of the site', () => {
  test('each rule, refusal code and event has a page under its own name', () => {
    const names = pages.map(({ name }) => name)
    const events = shownMachines.flatMap(({ transitions }) =>
      transitions.flatMap(({ outcome }) =>
        outcome.kind === 'events' ? outcome.events.map((event) => event.replace(/\?$/, '')) : [],
      ),
    )
    const due = [...rules, ...Object.keys(refusalGuides), ...events]
    expect(due.filter((name) => !names.includes(name))).toEqual([])
    expect(new Set(pages.map(({ url }) => url.toLowerCase())).size).toBe(pages.length)
  })

  test('each page of the repository is on the site, and each diagram of a state machine is drawn', () => {
    const paths = pages.map(({ path }) => path)
    const due = [...readTree('docs', '.md'), ...readTree('examples', '.md')].map(({ path }) => path)
    for (const path of [...due, 'README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'])
      expect(paths).toContain(path)
    const machines = pages.find(({ path }) => path === 'docs/machines.md')?.text ?? ''
    expect(machines).not.toContain('```mermaid')
    expect(machines.match(/<svg /g)).toHaveLength(shownMachines.length)
  })

  test('a page of a rule has its statement, its locations, and the sections of other parts', () => {
    const text = pages.find(({ name }) => name === 'PW-01')?.text ?? ''
    expect(text).toContain('> A password has at least 16 characters.')
    for (const title of ['Policy fields', 'Code', 'Tests', 'Vectors', 'Added'])
      expect(text).toContain(`## ${title}\n`)
    expect(text).toContain('## Added\n\nmore')
    expect(pages.find(({ name }) => name === 'PW-02')?.text).not.toContain('## Added')
  })

  test('a page comes after its parent page', () => {
    const seen = new Set<string>()
    for (const { path, parent } of pages) {
      if (parent !== undefined) expect([path, seen.has(parent)]).toEqual([path, true])
      seen.add(path)
    }
  })
})

describe('AUD-05 · the words that the search looks through', () => {
  test('are those that a reader sees', () => {
    const text = '## **A** [PW-16](site:rules/PW-16.html) | `a_b`\n<a href="x.html">here</a> &amp; 5 < 6'
    expect(searchText(text)).toBe('A PW-16 a_b here 5 < 6')
  })

  test('contain no asterisk, which lunr would read as a wildcard in its own index', () => {
    expect(pages.some(({ text }) => text.includes('*'))).toBe(true)
    expect(pages.filter(({ text }) => searchText(text).includes('*')).map(({ path }) => path)).toEqual([])
  })
})

describe('AUD-05 · the evidence of a rule', () => {
  test('each location names the rule on its line, and each statement is on its own line', () => {
    for (const { rule, code, tests, vectors, invariants, plantedFaults, wrongSystems } of evidence) {
      const places = [
        ...[...code, ...tests].map(({ file, line }) => ({ path: file, line, what: rule.id })),
        ...vectors.flatMap(({ cases }) =>
          cases.map(({ path, line }) => ({ path, line, what: `"${rule.id}"` })),
        ),
        ...[...invariants, ...plantedFaults, ...wrongSystems].map(({ path, line, name }) => ({
          path,
          line,
          what: name,
        })),
      ]
      for (const { path, line, what } of places) {
        const shown = linesOf(path)
          .slice(line - 1, line + 1)
          .join('\n')
        expect([path, line, shown.includes(what)], what).toEqual([path, line, true])
      }
    }
  })

  test('every vector, invariant and faulty system is on the page of its rule', () => {
    const files = readTree('vectors', '.json').filter(({ path }) => !path.endsWith('schema.json'))
    const inFiles = files.reduce(
      (sum, { text }) => sum + (JSON.parse(text) as { vectors: [] }).vectors.length,
      0,
    )
    const count = (of: (each: (typeof evidence)[number]) => number) =>
      evidence.reduce((sum, each) => sum + of(each), 0)
    expect(count(({ vectors }) => vectors.reduce((sum, { cases }) => sum + cases.length, 0))).toBe(inFiles)
    const listed = readFileSync(inPackage('docs/model.md'), 'utf8').match(/^- .*\(\[[A-Z]+-\d\d\]/gm)
    expect(count(({ invariants }) => invariants.length)).toBe(listed?.length)
    expect(
      evidence.flatMap(({ wrongSystems }) => wrongSystems).filter(({ history }) => history === ''),
    ).toEqual([])
  })

  test('every event of the page of formats is read', () => {
    const formats = readFileSync(inPackage('docs/formats.md'), 'utf8')
    const tables = formats.split('## States and events by kind of record')[1]?.split(/^## /m)[0] ?? ''
    const rows = tables
      .split('| event | fields |')
      .slice(1)
      .flatMap((table) => table.split(/^#/m)[0]?.match(/^\| `/gm) ?? [])
    expect(listedEvents(formats)).toHaveLength(rows.length)
  })
})

describe('the Markdown of the site', () => {
  test('link targets are replaced, except in code', () => {
    const text = '[a](b.md) ![p](c.svg) `[x](y.md)`\n```ts\nf[0](d.md)\n```\n[`e`](f.md#g)'
    expect(withTargets(text, (target) => `<${target}>`)).toBe(
      '[a](<b.md>) ![p](<c.svg>) `[x](y.md)`\n```ts\nf[0](d.md)\n```\n[`e`](<f.md#g>)',
    )
  })

  test('rule numbers become links in plain text only', () => {
    const text = '# PW-01\nsee PW-01, `PW-01`, [PW-01](x), <a href="PW-01">PW-01</a>, XPW-01\n```\nPW-01\n```'
    expect(withRuleLinks(text, (rule) => `to:${rule}`)).toBe(
      '# PW-01\nsee [PW-01](to:PW-01), `PW-01`, [PW-01](x), <a href="PW-01">PW-01</a>, XPW-01\n```\nPW-01\n```',
    )
    expect(withRuleLinks('PW-99', () => undefined)).toBe('PW-99')
  })

  const page = (path: string, url: string, text = ''): SitePage => ({
    path,
    url,
    name: path,
    section: 'Audit',
    text,
  })
  const target = siteTargets(
    [
      page('docs/a.md', 'docs/a', '# The `A`\n## B, c – d\n'),
      page('docs/rulebook.md', 'docs/rulebook'),
      page('docs/errors.md', 'docs/errors', '### code-refused'),
      page('docs/errors/code-refused.md', 'errors/code-refused'),
      page('README.md', 'overview'),
    ],
    new Set(['src/x.ts']),
  )
  test.each([
    ['docs/b.md', 'a.md', 'site:docs/a.html'],
    ['docs/b.md', 'a.md#b-c--d', 'site:docs/a.html#b-c-d'],
    ['docs/a.md', '#the-a', 'site:docs/a.html#the-a'],
    ['docs/b.md', '../README.md', 'site:overview.html'],
    ['docs/b.md', 'rulebook.md#lock-04', 'site:rules/LOCK-04.html'],
    ['docs/b.md', 'errors.md#code-refused', 'site:errors/code-refused.html'],
    ['docs/b.md', '../src/x.ts', 'site:source/src/x.ts.html'],
    ['docs/b.md', '../src/', 'site:source/src/index.html'],
    ['docs/concepts/c.md', '../pictures/p.svg', 'site:pictures/p.svg'],
    ['docs/b.md', 'https://example.com/', 'https://example.com/'],
  ])('on %s, %s leads to %s', (from, to, address) => {
    expect(target(from, to)).toBe(address)
  })

  test('an address becomes relative to its page', () => {
    const html = '<a href="site:rules/PW-01.html#x">'
    expect(withRelativeAddresses(html, 'source/src/x.ts.html')).toBe('<a href="../../rules/PW-01.html#x">')
    expect(withRelativeAddresses(html, 'index.html')).toBe('<a href="rules/PW-01.html#x">')
  })
})

describe('a source page of the site', () => {
  const withoutTags = (html: string) =>
    html
      .replace(/<[^>]+>/g, '')
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&amp;/g, '&')

  test('contains every character of every source, line by line', () => {
    for (const { path, text } of [...readTree('src', '.ts'), ...readTree('vectors', '.json')]) {
      const html = sourceHtml(path, text, rules)
      expect(withoutTags(html), path).toBe(text.replace(/\n$/, ''))
      const ids = [...html.matchAll(/ id="L(\d+)"/g)].map(([, line]) => Number(line))
      expect(ids).toEqual(
        text
          .replace(/\n$/, '')
          .split('\n')
          .map((_, i) => i + 1),
      )
    }
  })

  test('colours comments, strings, keywords and numbers, and links known rules', () => {
    const html = sourceHtml(
      'a.ts',
      "/**\n * @rule PW-01\n */\nconst a = 'PW-01' // PW-99\nconst b = 2\n",
      rules,
    )
    const rule = '<a href="site:rules/PW-01.html">PW-01</a>'
    expect(html).toContain(`id="L2" data-line="2"><span class="t-comment"> * @rule ${rule}</span></span>`)
    expect(html).toContain('<span class="t-keyword">const</span> a')
    expect(html).toContain(`<span class="t-string">'${rule}'</span> <span class="t-comment">// PW-99</span>`)
    expect(html).toContain('<span class="t-number">2</span>')
  })
})

describe('the diagram of a state machine on the site', () => {
  test.each(shownMachines)('$title has every transition with its commands and rules', (machine) => {
    const picture = machinePicture(machine)
    const edges = edgesOf(machine.transitions)
    expect(picture.match(/class="way"/g) ?? []).toHaveLength(edges.length)
    const labels = edges.flatMap(({ commands }) => [...commands])
    expect(picture.match(/class="command"/g) ?? []).toHaveLength(labels.length)
    for (const [command, own] of labels)
      for (const rule of own) expect(picture).toMatch(new RegExp(`>${command}</tspan>[^\\n]*?>${rule}</a>`))
    expect(picture).not.toMatch(/<script|<image|@import|url\(|\son\w+=|\n/)
  })

  test('replaces the diagram that GitHub draws', () => {
    const page = readFileSync(inPackage('docs/machines.md'), 'utf8')
    expect(shownMachines.filter((machine) => !page.includes(diagramOf(machine)))).toEqual([])
  })
})

test('the check finds a missing file, a missing anchor and a missing icon, and accepts existing and external targets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ccass-2fa-site-'))
  try {
    mkdirSync(join(folder, 'assets'))
    mkdirSync(join(folder, 'sub'))
    writeFileSync(join(folder, 'assets/icons.svg'), '<svg><symbol id="icon-1"></symbol></svg>')
    writeFileSync(
      join(folder, 'index.html'),
      '<p id="a"><a href="sub/x.html#b">1</a><a href="#a">2</a><a href="https://example.com">3</a><use href="assets/icons.svg#icon-1"/>',
    )
    writeFileSync(
      join(folder, 'sub/x.html'),
      '<p id="b"><a href="../index.html#c">1</a><a href="y.html">2</a><img src="z.svg"><a href="../../out.html">3</a><use href="../assets/icons.svg#icon-2"/>',
    )
    expect(deadSiteLinks(folder)).toEqual(
      ['../index.html#c', 'y.html', 'z.svg', '../../out.html', '../assets/icons.svg#icon-2'].map(
        (target) => `sub/x.html: ${target}`,
      ),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
