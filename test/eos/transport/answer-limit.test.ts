import { expect, test } from 'vitest'
import { eapiTransport } from '../../../src/eos/transport/eapi/eapi-transport.ts'
import { sshTransport } from '../../../src/eos/transport/ssh/ssh-transport.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { noFence } from '../../../src/model/fence.ts'
import { Secret } from '../../../src/model/secret.ts'
import { startService } from '../../lab/service.ts'
import { ScriptedShell, whileTimePasses } from './ssh/scripted-shell.ts'

const CREDENTIAL = { username: 'u', password: new Secret('p') }

test('[R11] over eAPI an answer counts as lost after the limit of its switch', async () => {
  const { port } = await startService(() => undefined)
  const device = await eapiTransport().connect(
    {
      name: 'leaf1',
      host: '127.0.0.1',
      port,
      transport: 'eapi',
      protocol: 'http',
      tls: { mode: 'system' },
      answerSeconds: 0.3,
    },
    CREDENTIAL,
    noFence,
  )
  await expect(device.readConfig()).rejects.toMatchObject({ kind: 'lost-answer', device: 'leaf1' })
})

test('over SSH, too: as long as the inventory says, and `enable` is never typed where it says so', async () => {
  const clock = new VirtualClock()
  const begun = clock.monotonic()
  const transport = (prompt: string) =>
    sshTransport({
      clock,
      nonce: () => '7f3a',
      openShell: async () =>
        new ScriptedShell({
          clock,
          prompt,
          answer: (line) => (line === 'show running-config' ? { does: 'hang' } : {}),
        }),
    })
  const target = {
    name: 'leaf1',
    host: '192.0.2.1',
    port: 22,
    transport: 'ssh',
    hostKey: { mode: 'known-hosts', file: 'x' },
  } as const
  const slow = await transport('leaf1#').connect({ ...target, answerSeconds: 300 }, CREDENTIAL, noFence)
  await expect(whileTimePasses(clock, slow.readConfig())).rejects.toMatchObject({
    kind: 'lost-answer',
    message: expect.stringContaining('nothing was heard for 300 s'),
  })
  expect(clock.monotonic() - begun).toBeGreaterThanOrEqual(300_000)
  const plain = await transport('leaf1>').connect({ ...target, sendEnable: false }, CREDENTIAL, noFence)
  await expect(whileTimePasses(clock, plain.readConfig())).rejects.toMatchObject({
    kind: 'refused',
    command: 'enable',
    message: expect.stringContaining('`sendEnable: false` keeps enable from being sent'),
  })
})
