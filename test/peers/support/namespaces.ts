/**
 * Several machines on one: each has a network namespace, with an address in the network of the machines and
 * one in that of their clients. A cable can be unplugged, and a machine can lose its power. Linux, as root.
 */
import { execFileSync } from 'node:child_process'
import { running, until } from './programs.ts'

const ip = (...args: readonly string[]): string =>
  execFileSync('ip', [...args], { encoding: 'utf8', stdio: 'pipe' })

/** Runs a command that can fail because its effect already exists. */
const quietly = (work: () => unknown) => {
  try {
    work()
  } catch {}
}

/** The networks of a machine. */
export type Network = 'peers' | 'clients'

/** A machine with its own network and processes. */
export interface Machine {
  /** Its address in a network. */
  address(network: Network): string
  /** Starts a program there as the user `postgres`; it ends with the machine. */
  start(program: string, args: readonly string[]): ReturnType<typeof running>
  /** Runs a program there until it ends, and returns its output. */
  run(program: string, args: readonly string[]): string
  /** Ends every process there at once by SIGKILL. */
  loseThePower(): Promise<void>
  /** Drops every packet. */
  pull(network: Network): void
  plug(network: Network): void
}

/** Creates machines that reach each other and are reached from here in their clients' network. */
export const machines = (count: number): { readonly all: readonly Machine[]; close(): Promise<void> } => {
  // Interface names have at most fifteen characters; the process number distinguishes two runs.
  const tag = (process.pid % 0xffff).toString(16).padStart(4, '0')
  const bridge = (network: Network) => `c2f${network[0]}${tag}`
  /** A network in 10.128.0.0/9 from the process number: seldom used, and seldom the same twice. */
  const subnet = (network: Network) =>
    `10.${128 + (process.pid % 64) * 2 + (network === 'peers' ? 0 : 1)}.${(process.pid >> 6) % 256}`
  const names = Array.from({ length: count }, (_, i) => `c2f-${tag}-${i + 1}`)
  const outside = (network: Network, i: number) => `c2f${network[0]}${tag}${i + 1}`
  const networks = ['peers', 'clients'] as const

  const kill = (name: string) => {
    for (const pid of ip('netns', 'pids', name).split('\n').filter(Boolean))
      quietly(() => process.kill(Number(pid), 'SIGKILL'))
  }
  const removeAll = () => {
    for (const name of names) {
      quietly(() => kill(name))
      quietly(() => ip('netns', 'del', name))
    }
    for (const network of networks) quietly(() => ip('link', 'del', bridge(network)))
  }
  process.once('exit', removeAll)

  for (const network of networks) {
    ip('link', 'add', bridge(network), 'type', 'bridge')
    ip('link', 'set', bridge(network), 'up')
  }
  ip('addr', 'add', `${subnet('clients')}.254/24`, 'dev', bridge('clients'))
  const all = names.map((name, i): Machine => {
    ip('netns', 'add', name)
    ip('-n', name, 'link', 'set', 'lo', 'up')
    const address = (network: Network) => `${subnet(network)}.${i + 1}`
    for (const network of networks) {
      const [out, within] = [outside(network, i), network]
      ip('link', 'add', out, 'type', 'veth', 'peer', 'name', within, 'netns', name)
      ip('link', 'set', out, 'master', bridge(network), 'up')
      ip('-n', name, 'addr', 'add', `${address(network)}/24`, 'dev', within)
      ip('-n', name, 'link', 'set', within, 'up')
    }
    const there = (program: string, args: readonly string[]) => [
      ...['netns', 'exec', name, 'setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'],
      ...[program, ...args],
    ]
    return {
      address,
      start: (program, args) => running('ip', there(program, args), {}),
      run: (program, args) => ip(...there(program, args)),
      loseThePower: () =>
        until('no process is left', async () => {
          kill(name)
          if (ip('netns', 'pids', name).trim() !== '') throw new Error('not yet')
        }),
      pull: (network) => void ip('link', 'set', outside(network, i), 'down'),
      plug: (network) => void ip('link', 'set', outside(network, i), 'up'),
    }
  })
  const close = async () => {
    for (const machine of all) await machine.loseThePower()
    removeAll()
    process.off('exit', removeAll)
  }
  return { all, close }
}
