import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { HopError } from '../../../../src/eos/device/device.ts'
import { jumpHosts } from '../../../../src/eos/transport/ssh/ssh-transport.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { temporaryFolder, typed } from '../../../lab/lab.ts'
import { startHop } from './hop-server.ts'

/** SSH_AGENT_FAILURE, and SSH_AGENT_IDENTITIES_ANSWER without any (draft-ietf-sshm-ssh-agent, 3). */
const FAILURE = Buffer.from([0, 0, 0, 1, 5])
const NO_KEYS = Buffer.from([0, 0, 0, 5, 12, 0, 0, 0, 0])

/** What is found at SSH_AUTH_SOCK: nothing, a file, a folder, or what answers there. */
type Found = 'nothing' | 'file' | 'folder' | ((socket: Socket) => void)

const says = (bytes: Buffer | string) => (socket: Socket) => void socket.on('data', () => socket.write(bytes))

/** How the login at a jump host fails whose user has the agent at that socket. */
async function failureWith(found: Found) {
  const socket = join(temporaryFolder(), 'agent')
  const asking = new Set<Socket>()
  if (found === 'file') writeFileSync(socket, '')
  if (found === 'folder') mkdirSync(socket)
  if (typeof found === 'function') {
    const server = createServer((one) => {
      asking.add(one)
      one
        .on('error', () => undefined)
        .once('close', () => asking.delete(one))
        .resume()
      found(one)
    })
    await new Promise<void>((resolve) => server.listen(socket, resolve))
    onTestFinished(() => void server.close())
  }
  const hop = await startHop({})
  onTestFinished(() => hop.kill().catch(() => undefined))
  const made = jumpHosts({
    clock: systemClock,
    readKnownHosts: async () => '',
    credentialOf: async () => ({ username: 'jumper', agent: { socket } }),
    connectMilliseconds: 3000,
  })
  onTestFinished(() => made.close())
  const error = await made
    .wayTo('leaf1', [hop.hop])
    ?.open({ host: '127.0.0.1', port: 1 })
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(HopError)
  // Nobody is asked on, so that the process can end.
  await expect.poll(() => asking.size).toBe(0)
  return error as HopError
}

const ENDS = 'it ends the connection without an answer, as an agent of another user does'

test.each<readonly [string, Found, string]>([
  ['nothing', 'nothing', 'there is no such file'],
  ['a file', 'file', 'nothing listens there, or it is no socket'],
  ['a folder', 'folder', 'nothing listens there, or it is no socket'],
  ['an agent that hangs up, as one of another user', (socket) => socket.destroy(), ENDS],
  ['an agent that ends without a word', (socket) => socket.end(), ENDS],
  ['an agent that refuses', says(FAILURE), 'Agent responded with failure'],
  ['an agent without keys', says(NO_KEYS), 'it holds no key'],
])('%s at SSH_AUTH_SOCK is said, with the socket and the jump host', async (_what, found, why) => {
  expect(wordsOf(await failureWith(found))).toEqual(['secret', false, why])
})

test.each<readonly [string, Found]>([
  ['an agent that waits for a person', () => undefined],
  ['something that is no agent', says('HTTP/1.1 400 Bad\r\n\r\n')],
])('%s counts as a jump host that is not reached', { tags: ['long', 'turn'] }, async (_what, found) => {
  expect(wordsOf(await failureWith(found))).toEqual(['unreachable', true, 'it has not answered within 3 s'])
})

/** Its kind, whether it is tried again, and the reason that it gives of the agent. */
function wordsOf({ kind, end, retryable, message, hint }: HopError) {
  expect(end).toEqual({ hop: 'bastion', isPassed: false })
  expect(hint).toContain('ssh-add -l')
  const begin = /^leaf1: jump host bastion: jumper cannot log in with the ssh-agent at \S+agent: /
  expect(message).toMatch(begin)
  return [kind, retryable, message.replace(begin, '')]
}

test('an agent that nobody names is missed with the name of the jump host, and nothing is connected to', async () => {
  const dir = temporaryFolder({
    'eosflow.yaml': 'version: 1\n',
    'inventory.yaml': `version: 1
credentials:
  rw: { username: rw, password: '\${env:PASSWORD}' }
  jumper: { username: jumper, agent: true }
jumps: { bastion: { host: bastion.invalid, credentials: jumper } }
devices: { leaf1: { host: 192.0.2.1, credentials: rw, via: bastion } }
`,
  })
  const { code, out, err } = await typed(dir, ['facts'], { env: { PASSWORD: 'invented-7Gh' } })
  expect(code).toBe(3)
  expect(out + err).toContain(
    'leaf1: jump host bastion: jumper logs in by the ssh-agent, and SSH_AUTH_SOCK is not set here',
  )
  expect(out + err).not.toContain('bastion.invalid')
})
