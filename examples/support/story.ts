import { RuleBroken, type Trace } from './trace.ts'

/** The host and trace of a story. */
export interface AccountStage {
  readonly trace: Trace
  close(): void
}

/**
 * Runs a story from its heading to its end, and closes its host.
 *
 * @param heading - the title, and what to know before the first step.
 * @param ending - where to read on after every step succeeded.
 * @returns an exit code: 0 if every step followed the rulebook, otherwise 1.
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
    trace.heading(`All ${trace.steps} steps agree with the rulebook.`, ...ending)
    return 0
  } catch (error) {
    trace.heading('The example ends here: a step does not agree with the rulebook.')
    console.error(error instanceof RuleBroken ? `  ${error.message}` : error)
    return 1
  } finally {
    stage.close()
  }
}
