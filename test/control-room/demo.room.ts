import { expect, test } from 'vitest'
import { temporaryFolder } from '../lab/folder.ts'
import { startInTest } from '../lab/processes.ts'
import { ask } from '../lab/visitor.ts'

test('the demo opens the control room on its fabric, and both of its changes are made in it', async () => {
  const dir = temporaryFolder()
  const demo = startInTest(dir, ['demo', '--serve'])
  await demo.said(/Open http:\/\/localhost:7474\/login\?link=[0-9a-f]{64}/)
  await demo.said(/leaf3: put back: read back/)
  await demo.said(/Both changes are over; http:\/\/localhost:7474 shows them/)
  expect((await ask('http://localhost:7474', 'GET', '/readyz')).status).toBe(200)
  demo.kill('SIGINT')
  const { code, out } = await demo.ended
  expect([code, out.includes('add-vlan'), out.includes('rolled back')]).toEqual([0, true, true])
})
