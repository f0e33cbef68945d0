import { preparedStatements } from 'ccass-2fa/postgres'
import { expect, test } from 'vitest'

/** A client that records its queries. */
const listening = () => {
  const asked: { readonly name?: string; readonly text: string; readonly values: string[] }[] = []
  const query = async (statement: (typeof asked)[number]) => {
    asked.push(statement)
    return { rows: [statement.text] }
  }
  return { asked, client: preparedStatements({ query }) }
}

test('LOCK-09 · each SQL text has its own name, and its values are passed unchanged', async () => {
  const { asked, client } = listening()
  expect(await client.query('SELECT $1', ['a'])).toEqual({ rows: ['SELECT $1'] })
  await client.query('SELECT $1', ['b'])
  await client.query('SELECT $1, 2', ['c'])
  const [first, second, third] = asked
  expect(first).toEqual({
    name: expect.stringMatching(/^ccass_2fa_[0-9a-f]{32}$/),
    text: 'SELECT $1',
    values: ['a'],
  })
  expect(second).toEqual({ ...first, values: ['b'] })
  expect(third?.name).not.toBe(first?.name)
})

test('LOCK-09 · long SQL texts have no name, and there are at most 256 names', async () => {
  const { asked, client } = listening()
  await client.query('x'.repeat(4_001), [])
  expect(asked[0]).not.toHaveProperty('name')
  for (let n = 0; n < 300; n++) await client.query(`SELECT ${n}`, [])
  expect(new Set(asked.flatMap(({ name }) => name ?? [])).size).toBe(256)
  await client.query('SELECT 7', [])
  expect(asked.at(-1)?.name).toBe(asked[8]?.name)
})
