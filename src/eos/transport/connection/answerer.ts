import { connect as connectTcp } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { readSimulator, SIMULATOR_PATH, type SimulatorIdentity } from '../../../model/simulator.ts'

export interface AnsweringPort {
  readonly host: string
  readonly port: number
  readonly secure: boolean
}

/** Throws EosflowError. */
export type JudgeAnswerer = (at: AnsweringPort) => Promise<void>

export type JudgeOf = (device: string) => JudgeAnswerer | undefined

// A program on this machine says at once whose it is.
const WITHIN = 2_000
const LONGEST = 4_096

type AskSimulator = (at: AnsweringPort) => Promise<SimulatorIdentity | 'silent' | undefined>

// At most as many are asked at once: each is a file beside the connection that waits for it (ADR 0133).
const AT_ONCE = 8

/** Asks simulators, a few at once; the others wait for their turn. */
export function simulatorsInTurn(): AskSimulator {
  let asking = 0
  const waiting: (() => void)[] = []
  return async (at) => {
    if (asking >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
    else asking += 1
    try {
      return await askSimulator(at)
    } finally {
      const next = waiting.shift()
      if (next === undefined) asking -= 1
      else next()
    }
  }
}

export const askSimulator: AskSimulator = ({ host, port, secure }) => {
  const question = `GET ${SIMULATOR_PATH} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`
  return new Promise((resolve) => {
    // Whoever it is hears no secret, and the certificate is judged where a login is sent.
    const socket: Duplex = secure
      ? connectTls({ host, port, rejectUnauthorized: false }, () => socket.write(question))
      : connectTcp({ host, port }, () => socket.write(question))
    let answer = ''
    const end = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer === '' ? 'silent' : readSimulator(answer))
    }
    const timer = setTimeout(end, WITHIN)
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('utf8')
      if (answer.length > LONGEST || (answer.endsWith('\n') && readSimulator(answer) !== undefined)) end()
    })
    socket.once('end', end)
    socket.once('close', end)
    socket.once('error', end)
  })
}

/** How bytes reach a host that is not connected to directly. */
export interface Way {
  /** Throws EosflowError: then nothing has reached that host. */
  open(to: { readonly host: string; readonly port: number }): Promise<Duplex>
}

export type WayTo = (device: string) => Way | undefined
