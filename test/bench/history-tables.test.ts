import { expect, test } from 'vitest'
import { COMMANDS } from '../../bench/history-commands.ts'
import { ROUTES } from '../../bench/history-routes.ts'
import { commands } from '../../src/doors/cli/usage/commands.ts'
import { routes } from '../../src/doors/http/http-app.ts'

test('what a long history costs is measured of every command and of every route that is read', () => {
  const named = commands.map(({ usage }) => usage.replace(/ [<[].*$/, ''))
  const paths = routes.filter(({ method }) => method === 'GET').map(({ path }) => path)
  expect([named.length > 90, paths.length > 50]).toEqual([true, true])
  expect(Object.keys(COMMANDS).sort()).toEqual(named.sort())
  expect(Object.keys(ROUTES).sort()).toEqual(paths.sort())
})
