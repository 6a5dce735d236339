import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { everyNth } from '../../extent.ts'
import { MALFORMED, type MalformedCase, PROJECT, type ProjectFiles } from '../../hostile/cases.ts'
import { json, openLab, shows, warns } from '../../lab/lab.ts'

/** The command that reads each kind of input first. */
function commandLine({ kind, given = {} }: MalformedCase) {
  if (kind === 'fabric') return ['sim start fabrics/two']
  if (kind === 'plan') return ['run saved.plan']
  if (kind === 'catalog') return ['check run']
  const typed = Object.entries(given).flatMap(([name, value]) => ['-p', `${name}=${value}`])
  return ['plan workflows/w.yaml --params params.yaml', ...typed]
}

/** A project with these files, whose switches answer. */
function startProject(files: ProjectFiles) {
  const lab = openLab()
  for (const [path, content] of Object.entries({ ...PROJECT, ...files })) {
    mkdirSync(dirname(join(lab.dir, path)), { recursive: true })
    lab.write(path, content)
  }
  return lab
}

/** Where a problem is, as it is printed: a flag has no lines. */
const placeOf = ({ expect: { file, line, column } }: MalformedCase) =>
  file.startsWith('-p ') ? `${file}: ` : `${file}:${line}:${column}: `

/** One of each kind, and one of a flag. That its reader finds each of the others is shown where the cases are. */
const ONES: readonly MalformedCase[] = [
  'a misspelt key',
  'a filter that does not fit',
  'a value out of bounds',
  'a flag that is no number',
  'an unknown credential',
  'a misspelt key of a fabric',
  'a misspelt check',
  'a truncated plan',
  'a picture as workflow',
].flatMap((name) => MALFORMED.filter((one) => one.name === name))

describe('malformed input', () => {
  test('the switches of the project answer when nothing is malformed', async () => {
    const lab = startProject({})
    await warns(0, lab.eosflow('plan workflows/w.yaml --params params.yaml'), '2 to change')
    expect(lab.device('leaf1').requests().length).toBeGreaterThan(0)
    expect(ONES.map(({ kind }) => kind)).toEqual([
      'workflow',
      'template',
      'parameters',
      'parameters',
      'inventory',
      'fabric',
      'catalog',
      'plan',
      'workflow',
    ])
  })

  test.each(everyNth(3, 'malformed inputs', ONES))(
    '[G70] $kind: $name: is named with its place and mend, and nothing is sent',
    async (malformed) => {
      const lab = startProject(malformed.files)
      const { code, out, err } = await lab.eosflow(...commandLine(malformed))
      expect(err).toContain(placeOf(malformed))
      expect(err).toContain(malformed.expect.hint)
      expect(err).toMatch(/\n\d+ problems?: nothing was contacted\.\n$/)
      expect({ code, out }).toEqual({ code: 3, out: '' })

      const { hint, ...at } = malformed.expect
      const said = await json(lab.eosflow(...commandLine(malformed), '--json'))
      expect(said).toMatchObject({ version: 1, error: { kind: 'input' }, exitCode: 3 })
      expect(said.error.problems[0]).toMatchObject({ at, hint: expect.stringContaining(hint) })
      expect(lab.requests()).toBe(0)
    },
  )

  test.each(['approve', 'reject', 'show', 'run'])('%s: a damaged plan file', async (command) => {
    const lab = startProject({ 'saved.plan': '{ "version": 1,\n  "digest": }' })
    await warns(3, lab.eosflow(command, 'saved.plan'), /^✖ saved\.plan:2:13: /)
    expect(lab.requests()).toBe(0)
  })

  test('validate finds the problems of all files at once', async () => {
    const lab = startProject({
      'workflows/w.yaml': String(PROJECT['workflows/w.yaml']).replace('targets:', 'tragets:'),
      'inventory.yaml': String(PROJECT['inventory.yaml']).replace('credentials: sim }', 'credentials: sym }'),
    })
    await shows(3, lab.eosflow('validate'), /workflows\/w\.yaml:5:1: /, /inventory\.yaml:1:42: /)
    expect(lab.requests()).toBe(0)
  })
})
