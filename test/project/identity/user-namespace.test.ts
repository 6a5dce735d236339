import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inUserNamespace } from '../../../src/project/identity/local/user-namespace.ts'

/** As `cat /proc/self/uid_map` prints them: at home, `unshare -r`, rootless podman, a container with remapped users; other systems have no such file. */
test.each([
  ['         0          0 4294967295\n', false],
  ['         0       1000          1\n', true],
  ['         0       1000          1\n         1     100000      65536\n', true],
  ['         0     231072      65536\n', true],
  ['         0          0          1\n', true],
  ['', true],
  [undefined, false],
])('%j: in a user namespace %s', (map, is) => {
  expect(inUserNamespace(() => map)).toBe(is)
})

test('is asked of this process', () => {
  const file = '/proc/self/uid_map'
  const isHome = !existsSync(file) || /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync(file, 'utf8'))
  expect(inUserNamespace()).toBe(!isHome)
})
