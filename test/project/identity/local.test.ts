import { hostname, userInfo } from 'node:os'
import { describe, expect, test } from 'vitest'
import { localPrincipal, osUser, rootWarning } from '../../../src/project/identity/local/local.ts'

describe('the local user', () => {
  test('is a person known by uid, name and host', () => {
    expect(localPrincipal({ uid: 1000, name: 'alice', host: 'noc1' })).toEqual({
      issuer: 'local',
      id: 'local:1000:alice@noc1',
      kind: 'person',
      auth: 'os',
    })
  })

  test('is marked in a user namespace, where a user id says nothing', () => {
    expect(localPrincipal({ uid: 1000, name: 'alice', host: 'noc1' }, true)).toEqual({
      issuer: 'local',
      id: 'local:1000:alice@noc1',
      kind: 'person',
      auth: 'os',
      userNamespace: true,
    })
  })

  test('is who the operating system says', () => {
    expect(osUser()).toEqual({ uid: userInfo().uid, name: userInfo().username, host: hostname() })
  })

  test('is warned as root, and only then', () => {
    expect(rootWarning({ uid: 0, name: 'root', host: 'noc1' })).toContain('running as root')
    expect(rootWarning({ uid: 1000, name: 'root', host: 'noc1' })).toBeUndefined()
    expect(rootWarning({ uid: -1, name: 'uid-1', host: 'noc1' })).toBeUndefined()
  })
})
