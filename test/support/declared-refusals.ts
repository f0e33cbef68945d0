import { type Authentication, type Refusal, ResultAsync, refusalCodes } from '../../src/index.ts'

type Method = (...args: unknown[]) => unknown

const check = async (name: string, answer: ResultAsync<unknown, Refusal>) => {
  const result = await answer
  const codes: readonly string[] = refusalCodes[name as keyof typeof refusalCodes] ?? []
  if (result.isErr() && !codes.includes(result.error.code))
    throw new Error(`${name} does not declare the refusal ${result.error.code}`)
  return result
}

/**
 * Wraps a service so that an operation fails the test if it returns a refusal that its type does not list.
 */
export const declaredRefusals = (auth: Authentication): Authentication =>
  Object.fromEntries(
    Object.entries(auth).map(([part, operations]) => [
      part,
      part === 'policy'
        ? operations
        : Object.fromEntries(
            Object.entries(operations as Readonly<Record<string, Method>>).map(([name, method]) => [
              name,
              (...args: unknown[]) => {
                const answer = method(...args)
                return answer instanceof ResultAsync
                  ? new ResultAsync(check(`${part}.${name}`, answer as ResultAsync<unknown, Refusal>))
                  : answer
              },
            ]),
          ),
    ]),
  ) as unknown as Authentication
