import type { Refusal, RefusalCode, Result, ResultAsync } from 'ccass-2fa'
import colours from 'picocolors'

/** A step with a result that differs from the rulebook. */
export class RuleBroken extends Error {}

/** A value to print next to an answer and, if the rulebook defines it, its expected value. */
export interface Note {
  readonly is: string
  readonly mustBe?: string
}

type OperationResult<T> = Result<T, Refusal> | ResultAsync<T, Refusal>
type NoteOn<T> = (value: T) => Note | PromiseLike<Note>

/**
 * Prints each step and the library's answer, one per line. Each answer is compared with the one that the
 * rulebook requires. The first difference is thrown as {@link RuleBroken}.
 */
export interface Trace {
  /** The number of steps that followed the rulebook. */
  readonly steps: number
  /** Prints a line of text. */
  say(text?: string): void
  /** Prints the heading of a group of steps. */
  heading(title: string, ...text: readonly string[]): void
  /** Prints a detail of the previous step. */
  aside(text: string): void
  /** Shows progress, only on a terminal, until the next line is printed. */
  progress(text: string): void
  /** Prints rows in aligned columns under their titles. */
  table(titles: readonly string[], rows: readonly (readonly string[])[], colour?: RowColour): void
  /** Requires the answer to be a success. */
  ok<T>(rules: string, step: string, answer: OperationResult<T>, note?: NoteOn<T>): Promise<T>
  /** Requires the answer to be a success with the given next step. */
  next<T extends { readonly next: string }, N extends T['next']>(
    rules: string,
    step: string,
    answer: OperationResult<T>,
    next: N,
    note?: NoteOn<Extract<T, { readonly next: N }>>,
  ): Promise<Extract<T, { readonly next: N }>>
  /** Requires the answer to be the given refusal. */
  refused<T>(
    rules: string,
    step: string,
    answer: OperationResult<T>,
    code: RefusalCode,
    note?: NoteOn<Refusal>,
  ): Promise<Refusal>
  /** Requires a value to be as expected. */
  fact(rules: string, step: string, is: string, mustBe: string): void
}

type Colour = (text: string) => string

/** The colour of a row, depending on its cells. */
export type RowColour = (row: readonly string[]) => Colour | undefined

const widths = { rules: 15, deed: 42, answer: 15 }

const leadsTo = <T extends { readonly next: string }, N extends T['next']>(
  value: T | undefined,
  next: N,
): value is Extract<T, { readonly next: N }> => value?.next === next

const wordOf = (answer: Result<unknown, Refusal>): string => {
  if (answer.isErr()) return answer.error.code
  const { value } = answer
  return typeof value === 'object' && value !== null && 'next' in value ? `next: ${value.next}` : 'ok'
}

/** Creates a trace on a terminal or another output. */
export const createTrace = (out: NodeJS.WriteStream = process.stdout): Trace => {
  let steps = 0
  let blank = true
  // If the reader closes the pipe early, as `head` does, not every step was shown, so this is an error.
  out.once('error', () => process.exit(1))
  const say = (text = '') => {
    // Never prints two blank lines in a row.
    if (text !== '' || !blank) out.write(`${text}\n`)
    blank = text === ''
  }
  const progress = (text: string) => {
    if (out.isTTY) out.write(`\r\x1b[K${colours.dim(`  … ${text}`.slice(0, (out.columns || 80) - 1))}`)
  }
  const clear = () => {
    if (out.isTTY) out.write('\r\x1b[K')
  }

  const line = (mark: string, rules: string, step: string, answer: string, colour: Colour, note = '') => {
    const cells = [
      `  ${mark} ${colours.dim(rules.padEnd(widths.rules))}`,
      step.padEnd(widths.deed),
      colour(note === '' ? answer : answer.padEnd(widths.answer)),
      ...(note === '' ? [] : [colours.dim(note)]),
    ]
    clear()
    say(cells.join('  '))
  }

  const broken = (rules: string, step: string, is: string, mustBe: string, answer?: string) => {
    line(colours.red('✗'), rules, step, answer ?? is, colours.red, answer && is)
    return new RuleBroken(
      `${rules}, ${step.trim()}: the rulebook requires "${mustBe}", the library returned "${is}"`,
    )
  }

  const kept = (rules: string, step: string, answer: string, colour: Colour, note?: Note) => {
    if (note?.mustBe !== undefined && note.is !== note.mustBe)
      throw broken(rules, step, note.is, note.mustBe, answer)
    line(colours.green('✓'), rules, step, answer, colour, note?.is)
    steps++
  }

  const ask = <T>(step: string, answer: OperationResult<T>) => {
    progress(step)
    return answer
  }

  return {
    get steps() {
      return steps
    },
    say,
    progress,
    heading: (title, ...text) => {
      say()
      say(colours.bold(title))
      for (const each of text) say(each && `  ${each}`)
      say()
    },
    aside: (text) => say(`    ${' '.repeat(widths.rules)}  ${colours.dim(text)}`),
    table: (titles, rows, colour = () => undefined) => {
      const width = titles.map((title, i) =>
        Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)),
      )
      const print = (row: readonly string[]) =>
        `    ${row.map((cell, i) => cell.padEnd(width[i] ?? 0)).join('  ')}`.trimEnd()
      clear()
      say(colours.dim(print(titles)))
      for (const row of rows) say((colour(row) ?? String)(print(row)))
      say()
    },
    ok: async (rules, step, answer, note) => {
      const given = await ask(step, answer)
      if (given.isErr()) throw broken(rules, step, given.error.code, 'ok')
      kept(rules, step, 'ok', colours.green, await note?.(given.value))
      return given.value
    },
    next: async (rules, step, answer, next, note) => {
      const given = await ask(step, answer)
      const value = given.unwrapOr(undefined)
      if (!leadsTo(value, next)) throw broken(rules, step, wordOf(given), `next: ${next}`)
      kept(rules, step, `next: ${next}`, colours.green, await note?.(value))
      return value
    },
    refused: async (rules, step, answer, code, note) => {
      const given = await ask(step, answer)
      if (given.isOk() || given.error.code !== code) throw broken(rules, step, wordOf(given), code)
      kept(rules, step, code, colours.yellow, await note?.(given.error))
      return given.error
    },
    fact: (rules, step, is, mustBe) => {
      if (is !== mustBe) throw broken(rules, step, is, mustBe)
      kept(rules, step, is, colours.cyan)
    },
  }
}
