import { expect, onTestFinished, test } from 'vitest'
import { noFence } from '../../../../src/model/fence.ts'
import { behindHops, startHop, USER } from './hop-server.ts'

// Node keeps its parsers of HTTP for later connections. One that is given back twice serves two connections of the process at once: those of two switches,
// and here one of them and the simulated switch itself.
test('[T9] a request whose jump host dies spoils no later one of the process', { tags: 'long' }, async () => {
  const [bastion, core] = [await startHop(), await startHop({ name: 'core' })]
  const rig = await behindHops('4.32.2F', 'eapi', {
    hops: [bastion.hop, core.hop],
    user: { username: 'jumper', key: USER.private },
    close: async () => {
      await Promise.all([bastion.kill(), core.kill()])
    },
  })
  onTestFinished(() => rig.close())
  await rig.fault({ kind: 'slow', after: 1, command: '^show vlan$' })
  for (let round = 1; round <= 3; round += 1) {
    const { requests } = rig.counters()
    const asked = (await rig.connect()).look([{ cmd: 'show vlan' }]).then(
      () => 'answered',
      ({ kind }: { readonly kind: string }) => kind,
    )
    await expect.poll(() => rig.counters().requests).toBe(requests + 1)
    await core.kill()
    expect(await asked).toBe('lost-answer')
    await rig.advance(1)
    await core.revive()
    const looks = await Promise.all([1, 2, 3].map(async () => (await rig.connect(undefined, noFence)).look([])))
    expect(looks.map(({ identity }) => identity.eos)).toEqual(['4.32.2F', '4.32.2F', '4.32.2F'])
  }
})
