import { expect, test } from 'vitest'
import { openLab, whileTimePasses } from '../lab/lab.ts'

test('while something is really waited for, the time of a server whose record is followed goes on by minutes, and not until logins end', {
  tags: 'long',
}, async () => {
  const { lab, front } = await openLab().serve()
  front.live.follow(front.ending).catch(() => undefined)
  const really = new Promise((resolve) => setTimeout(resolve, 1_500))
  const before = lab.clock.now()
  await whileTimePasses(lab.clock, really, { isServed: true })
  expect(lab.clock.now() - before).toBeGreaterThan(0)
  expect(lab.clock.now() - before).toBeLessThan(10 * 60_000)
})
