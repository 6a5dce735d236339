import { expect, test } from 'vitest'
import { bothMeters } from '../../../src/eos/device/both-meters.ts'
import type { Meter, SocketEnd } from '../../../src/eos/device/meter.ts'
import { linesOf } from '../../table.ts'

const END: SocketEnd = { device: 'leaf1', host: '192.0.2.1', port: 443, transport: 'eapi' }

/** A meter that writes down what it hears. */
function listening(name: string, heard: string[]): Meter {
  return {
    line: ({ device }) => ({
      connect: () => ({
        reached: (then) => heard.push(`${name} ${device} reached ${then}`),
        ended: (result) => heard.push(`${name} connected ${result}`),
      }),
      request: (op) => ({
        heard: () => heard.push(`${name} ${op} heard`),
        ended: (result) => heard.push(`${name} ${op} ${result}`),
      }),
    }),
  }
}

test('each of two meters hears everything', () => {
  const heard: string[] = []
  const line = bothMeters(listening('a', heard), listening('b', heard))?.line(END)
  const connect = line?.connect()
  connect?.reached('tls')
  connect?.ended('ok')
  const request = line?.request('arm')
  request?.heard()
  request?.ended('lost-answer')
  expect(heard).toEqual(
    linesOf(`
    a leaf1 reached tls
    b leaf1 reached tls
    a connected ok
    b connected ok
    a arm heard
    b arm heard
    a arm lost-answer
    b arm lost-answer
  `),
  )
})

test('one alone is that one, and of none there is none', () => {
  const one = listening('a', [])
  expect([bothMeters(one, undefined), bothMeters(undefined, one), bothMeters(undefined, undefined)]).toEqual([
    one,
    one,
    undefined,
  ])
})
