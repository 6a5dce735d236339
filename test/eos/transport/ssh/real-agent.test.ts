import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { benchBehind, hasSshd, SSH_USER, startSshd, withoutSshd } from '../../../clients/jump/sshd.ts'
import { exits, isSaved, whereIs, workflowFor } from '../../../lab/lab.ts'
import { newKeyPair } from './new-key-pair.ts'

const hasAgent = ['ssh-agent', 'ssh-add'].every((name) => existsSync(`/usr/bin/${name}`))
const without = hasAgent ? withoutSshd : ' (SKIPPED: openssh-client is not installed)'

interface Agent {
  readonly socket: string
  /** The fingerprint of a key that it takes. */
  add(key: string): string
  removeAll(): void
}

/** A real ssh-agent, for as long as the test. */
async function startAgent(): Promise<Agent> {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-agent-'))
  const socket = join(dir, 'socket')
  const agent = spawn('/usr/bin/ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
  // A thread that ends before its child has does not end.
  onTestFinished(async () => {
    const ended = once(agent, 'exit')
    agent.kill()
    await ended
    rmSync(dir, { recursive: true, force: true })
  })
  while (!existsSync(socket)) await pause(20)
  const env = { PATH: '/usr/bin:/bin', SSH_AUTH_SOCK: socket }
  let keys = 0
  return {
    socket,
    add: (key) => {
      const file = join(dir, `key-${keys++}`)
      writeFileSync(file, key, { mode: 0o600 })
      execFileSync('/usr/bin/ssh-add', ['-q', file], { env, stdio: 'ignore' })
      const lines = execFileSync('/usr/bin/ssh-add', ['-l'], { env, encoding: 'utf8' }).trim().split('\n')
      return lines.at(-1)?.split(' ')[1] ?? ''
    },
    removeAll: () => void execFileSync('/usr/bin/ssh-add', ['-q', '-D'], { env, stdio: 'ignore' }),
  }
}

describe.skipIf(!hasSshd || !hasAgent)(`the keys of a real ssh-agent${without}`, () => {
  test('log in to two jump hosts and to the switch, and the agent goes nowhere', {
    tags: ['long', 'turn'],
  }, async () => {
    const agent = await startAgent()
    const hops = [
      await startSshd('bastion', '127.0.0.1', ['LogLevel DEBUG2', 'MaxAuthTries 2']),
      await startSshd('core', '127.0.0.1', ['LogLevel DEBUG2', 'MaxAuthTries 2']),
    ]
    onTestFinished(async () => void (await Promise.all(hops.map((one) => one.remove()))))
    const [robot, ...others] = [newKeyPair(), newKeyPair(), newKeyPair(), newKeyPair()]
    // More than the servers let anybody try: the named one alone is offered.
    for (const other of others) agent.add(other.private)
    const [ofHops, ofSwitch] = [agent.add(SSH_USER.key.private), agent.add(robot.private)]
    const bench = await benchBehind({
      hops,
      over: 'ssh',
      workflow: workflowFor('leaf1'),
      config: `username robot privilege 15 role network-admin nopassword\nusername robot ssh-key ${robot.public.trim()}\n!\n`,
      jumper: { username: SSH_USER.username, agent: ofHops },
      operator: { username: 'robot', agent: ofSwitch },
      env: { SSH_AUTH_SOCK: agent.socket },
    })
    const leaf1 = bench.device('leaf1')
    await exits(0, bench.eosflowWith({ answers: ['yes'] }, 'run workflow.yaml'))
    expect([whereIs(leaf1), isSaved(leaf1)]).toEqual(['AFTER', true])
    for (const { log } of hops) {
      expect(log()).toContain(`Accepted publickey for ${SSH_USER.username}`)
      expect(log()).toContain('direct-tcpip')
      // `ssh -A` asks for it in a session, and there is none.
      expect(log()).not.toMatch(/auth-agent|server_input_channel_req|SSH_AUTH_SOCK|Starting session/)
    }
    agent.removeAll()
    const empty = await bench.eosflow('facts')
    expect(empty.code).not.toBe(0)
    expect(empty.out + empty.err).toMatch(
      /jump host bastion: \S+ cannot log in with the ssh-agent at \S+: it does not hold the key SHA256:/,
    )
    const away = await bench.eosflowWith({}, 'facts -vv')
    expect(away.out + away.err).not.toContain('PRIVATE KEY')
  })
})
