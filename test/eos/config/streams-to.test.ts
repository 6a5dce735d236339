import { describe, expect, test } from 'vitest'
import { streamsTo } from '../../../src/eos/config/streams-to.ts'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { ownConfigs } from './texts.ts'

const running = (exec: string, ...more: readonly string[]) =>
  ['daemon TerminAttr', ...[exec, ...more].map((line) => `   ${line}`), '!', 'hostname leaf1'].join('\n')
const TERMINATTR = 'exec /usr/bin/TerminAttr'

describe('where a switch streams to', () => {
  test.each([
    ['one CloudVision', '-cvaddr=198.51.100.20:9910 -cvauth=token,/tmp/token -cvvrf=MGMT', ['198.51.100.20:9910']],
    [
      'the service',
      '-cvaddr=apiserver.arista.io:443 -cvauth=token-secure,/tmp/cv-onboarding-token',
      ['apiserver.arista.io:443'],
    ],
    ['a cluster', '-cvaddr=192.0.2.1:9910,192.0.2.2:9910 -cvauth=key,canary', ['192.0.2.1:9910', '192.0.2.2:9910']],
    [
      'two of them',
      '-cvopt DC1.addr=10.20.20.1:9910 -cvopt DC1.auth=key,canary -cvopt DC2.addr=10.30.30.1:9910 -cvopt DC2.vrf=mgt',
      ['10.20.20.1:9910', '10.30.30.1:9910'],
    ],
    ['one of before', '-taillogs -ingestgrpcurl=192.168.2.201:9910 -ingestauth=key,canary', ['192.168.2.201:9910']],
    ['IPv6', '-cvaddr=[2001:db8::20]:9910', ['[2001:db8::20]:9910']],
    ['the same one twice', '-cvaddr=192.0.2.1:9910,192.0.2.1:9910', ['192.0.2.1:9910']],
    ['nowhere', '-grpcaddr=MGMT/0.0.0.0:6042 -allowed_ips=0.0.0.0/0', []],
    ['what is no address', '-cvaddr=user:canary@192.0.2.1:9910/x', []],
    ['an option that only ends so', '-notcvaddr=192.0.2.1:9910', []],
  ])('is read of %s', (_, options, to) => {
    expect(streamsTo(parseConfig(running(`${TERMINATTR} ${options}`, 'no shutdown')))).toEqual(to)
  })

  test.each([
    ['that is shut down', running(`${TERMINATTR} -cvaddr=192.0.2.1:9910`, 'shutdown')],
    ['that does not say that it runs', running(`${TERMINATTR} -cvaddr=192.0.2.1:9910`)],
    [
      'of another name',
      running(`${TERMINATTR} -cvaddr=192.0.2.1:9910`, 'no shutdown').replace('TerminAttr\n', 'Other\n'),
    ],
    ['that is not there', 'hostname leaf1\n'],
    ['whose program is not said', running('no shutdown')],
  ])('is nowhere of a daemon %s', (_, text) => {
    expect(streamsTo(parseConfig(text))).toEqual([])
  })

  test('is read of the fabric of the demo', () => {
    const found = ownConfigs.filter(({ text }) => streamsTo(parseConfig(text)).length > 0)
    expect(found.map(({ name }) => name).filter((name) => !name.endsWith('.cfg'))).toEqual([
      'leaf1',
      'leaf2',
      'leaf3',
      'leaf4',
      'spine1',
      'spine2',
    ])
  })
})
