import { RuleBroken, type Trace } from './trace.ts'

/** What a story is told with. */
export interface AccountStage {
  readonly trace: Trace
  close(): void
}

/**
 * Tells a story from its heading to its end, and closes what it was told with.
 *
 * @param heading - the title, and what a reader is to know before the first step.
 * @param ending - what there is to read on, once every step went well.
 * @returns 0 if every step went as the rulebook says, 1 if one did not: an exit code.
 */
export const tellStory = async <S extends AccountStage>(
  stage: S,
  heading: readonly [title: string, ...text: readonly string[]],
  story: (stage: S) => Promise<void>,
  ending: readonly string[] = [],
): Promise<0 | 1> => {
  const { trace } = stage
  try {
    trace.heading(...heading)
    await story(stage)
    trace.heading(`All ${trace.steps} steps went as the rulebook says.`, ...ending)
    return 0
  } catch (error) {
    trace.heading('The story breaks off: a step did not go as the rulebook says.')
    console.error(error instanceof RuleBroken ? `  ${error.message}` : error)
    return 1
  } finally {
    stage.close()
  }
}
