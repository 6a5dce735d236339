import { readFileSync, statSync, symlinkSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { variableOf } from '../../../../src/change/roster/hosts/roster.ts'
import { cachedRoster } from '../../../../src/project/files/sources/cached-roster.ts'
import { askingProject, netboxSource } from './asking.ts'
import { json, netboxDevice, netboxDevices, startNetbox, TOKENS } from './device-service.ts'

/** A NetBox that can be filled, be away, and be asked by a project. */
async function kept(count: number) {
  const records = [...netboxDevices(count)]
  const state = { isAway: false, seen: 1 }
  const netbox = await startNetbox(records, {
    seen: (record) => ((record as { readonly id: number }).id - 1) % state.seen === 0,
    misbehave: ({ response }, answer) => {
      if (!state.isAway) return answer
      json(response, 500, { detail: 'Because.' })
      return undefined
    },
  })
  const project = askingProject()
  const source = netboxSource({ url: netbox.origin })
  const name = `netbox ${netbox.origin}`
  const file = () => join(project.dir, '.eosflow/inventory', project.answers()[0] ?? '')
  return { records, state, netbox, project, source, name, file }
}

/** The same, asked once. */
async function asked(count: number) {
  const made = await kept(count)
  await made.project.refresh(made.source)
  return made
}

describe('what a source gives is kept', () => {
  test('for its owner alone, without its token, and is read back without asking', async () => {
    const { netbox, project, source, file } = await kept(3)
    const done = await project.refresh(source)
    expect(done).toMatchObject({ from: 'source', count: 3, gone: [], added: ['sw1', 'sw2', 'sw3'], warnings: [] })
    const requests = netbox.seen.length
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    const text = readFileSync(file(), 'utf8')
    expect(text).not.toContain(TOKENS.v1)
    expect(JSON.parse(text)).toMatchObject({
      version: 1,
      kind: 'netbox',
      count: 3,
      switches: 3,
      etag: null,
      time: '2026-11-20T08:00:00.000Z',
    })
    const read = cachedRoster(project.dir, source)
    const roster = read.ok ? read.value.roster : expect.fail(JSON.stringify(read))
    expect([...roster.hosts.keys()]).toEqual(['sw1', 'sw2', 'sw3'])
    const sw1 = roster.hosts.get('sw1') ?? expect.fail()
    expect(variableOf(sw1, 'ansible_host')?.value).toBe('10.0.0.1')
    expect(sw1.groups).toEqual([
      'all',
      'device_type_dcs-7050sx3-48yc8',
      'manufacturer_arista',
      'platform_arista-eos',
      'role_spine',
      'site_fra-2',
      'status_active',
      'tag_core',
    ])
    expect(netbox.seen).toHaveLength(requests)
    expect(project.told).toEqual([])
  })

  test('a token that the service has in a record is in no stored byte', async () => {
    const { records, project, source, file } = await kept(2)
    records.push(netboxDevice(3, { comments: `reads with ${TOKENS.v1}`, custom_fields: { [TOKENS.v1]: [TOKENS.v1] } }))
    await project.refresh(source)
    expect(readFileSync(file(), 'utf8')).not.toContain(TOKENS.v1)
    expect(cachedRoster(project.dir, source).ok).toBe(true)
  })

  test('another question has another answer; another way to ask has the same', async () => {
    const { netbox, project } = await asked(6)
    await project.refresh(
      netboxSource({
        url: `${netbox.origin}/`,
        pageSize: 2,
        timeout: 9,
        paging: 'offset',
        tags: { site: 'site.slug' },
      }),
    )
    expect(project.answers()).toHaveLength(1)
    await project.refresh(netboxSource({ url: netbox.origin, query: { role: 'leaf' } }))
    expect(project.answers()).toHaveLength(2)
    expect(cachedRoster(project.dir, netboxSource({ url: netbox.origin, query: { role: 'spine' } }))).toMatchObject({
      ok: false,
      problems: [{ code: 'inventory-cache' }],
    })
  })

  test('without asking: what is kept, however old; a problem where nothing is', async () => {
    const { state, netbox, project, source, name } = await kept(3)
    await expect(project.refresh(source, { offline: true })).rejects.toMatchObject({
      problems: [
        {
          code: 'inventory-cache',
          message: 'it was not asked yet with these settings, and no answer of it is kept here',
          at: { file: name },
          hint: 'Ask it once while it can be reached: eosflow inventory refresh',
        },
      ],
    })
    expect(netbox.seen).toEqual([])
    await project.refresh(source)
    state.isAway = true
    project.at('2027-11-20T08:00:00Z')
    const requests = netbox.seen.length
    expect(await project.refresh(source, { offline: true })).toMatchObject({
      from: 'cache',
      count: 3,
      gone: [],
      added: [],
    })
    expect(netbox.seen).toHaveLength(requests)
  })
})

describe('a source that is away', () => {
  const AWAY = 'answered 500; it says: Because'
  const HINT = 'With --inventory-age 24h its last answer is used where it is at most so old.'

  test.each([
    ['2026-11-20T08:00:42Z', 'is 42s old'],
    ['2026-11-20T11:07:42Z', 'is 3h7m old'],
    ['2026-11-23T09:00:00Z', 'is 73h old'],
    ['2026-11-19T08:00:00Z', 'is of the future'],
  ])('at %s: its last answer %s', async (time, age) => {
    const { state, project, source, name } = await asked(3)
    state.isAway = true
    project.at(time)
    await expect(project.refresh(source)).rejects.toMatchObject({
      kind: 'inventory-source',
      message: `${name} ${AWAY}; its last answer ${age} (2026-11-20T08:00:00Z)`,
      hint: HINT,
    })
  })

  test('is replaced by what is kept as far as its age is allowed, and not further', async () => {
    const { state, project, source, name, file } = await asked(3)
    state.isAway = true
    const before = readFileSync(file())
    project.at('2026-11-21T08:00:00Z')
    expect(await project.refresh(source, { age: 86_400 })).toMatchObject({
      from: 'cache',
      count: 3,
      time: Date.parse('2026-11-20T08:00:00Z'),
    })
    expect(project.told).toEqual([`! ${name} ${AWAY}; its answer of 2026-11-20T08:00:00Z is used, which is 24h old\n`])
    project.at('2026-11-21T08:00:01Z')
    await expect(project.refresh(source, { age: 86_400 })).rejects.toMatchObject({
      kind: 'inventory-source',
      message: `${name} ${AWAY}; its last answer is 24h old (2026-11-20T08:00:00Z), and 24h are allowed`,
    })
    expect(readFileSync(file())).toEqual(before)
  })

  test('without a kept answer fails as it does, whatever age is allowed', async () => {
    const { state, project, source, name } = await kept(3)
    state.isAway = true
    await expect(project.refresh(source, { age: 86_400 })).rejects.toMatchObject({
      kind: 'inventory-source',
      message: `${name} ${AWAY}`,
    })
  })

  test('a token that cannot be had is no source that is away', async () => {
    const { netbox, project, source } = await asked(3)
    const other = {
      ...source,
      settings: { ...(source as { settings: object }).settings, token: `\${env:NONE}` },
    } as typeof source
    await expect(project.refresh(other, { age: 86_400 })).rejects.toMatchObject({ kind: 'secret' })
    expect(netbox.seen).toHaveLength(1)
  })
})

describe('never fewer by accident', () => {
  test.each([
    [10, 2, 5],
    [10, 10, 1],
    [3, 2, undefined],
    [10, 1, undefined],
    [2, 2, 1],
  ])('%i devices, of which a token sees one in %i: refused with %s', async (count, seen, now) => {
    const { state, project, source, name, file } = await asked(count)
    const before = readFileSync(file())
    state.seen = seen
    project.at('2026-11-22T08:00:00Z')
    if (now === undefined) {
      expect(await project.refresh(source)).toMatchObject({ count: Math.ceil(count / seen) })
      return
    }
    await expect(project.refresh(source, { age: 1e9 })).rejects.toMatchObject({
      kind: 'inventory-fewer',
      message: `${name}: ${now} hosts, ${count} on 2026-11-20; nothing of it is used`,
      hint: 'Look there first: a token with less rights, or a filter, gives fewer. With --accept-fewer they are taken.',
    })
    expect(readFileSync(file())).toEqual(before)
    const { gone } = await project.refresh(source, { acceptFewer: true })
    expect(gone).toHaveLength(count - now)
    expect(await project.refresh(source)).toMatchObject({ count: now, gone: [] })
  })

  test('an answer without any device', async () => {
    const { records, project, source, name } = await asked(3)
    records.length = 0
    await expect(project.refresh(source)).rejects.toMatchObject({
      kind: 'inventory-fewer',
      message: `${name}: 0 hosts, 3 on 2026-11-20; nothing of it is used`,
    })
  })

  test('as many devices, and none of them a switch any more', async () => {
    const { records, project, source, name } = await asked(4)
    for (const index of records.keys()) {
      records[index] = netboxDevice(index + 1, { platform: { id: 7, name: 'Extensible', slug: 'extensible' } })
    }
    await expect(project.refresh(source)).rejects.toMatchObject({
      kind: 'inventory-fewer',
      message: `${name}: 0 switches, 4 on 2026-11-20; nothing of it is used`,
    })
  })

  test('a record that cannot be a switch: exit 3, and what is kept remains', async () => {
    const { records, project, source, file } = await asked(2)
    const before = readFileSync(file())
    records.push(netboxDevice(3, { name: 'Test VM With Spaces' }))
    await expect(project.refresh(source)).rejects.toMatchObject({ problems: [{ code: 'inventory-name' }] })
    expect(readFileSync(file())).toEqual(before)
  })
})

describe('a kept answer that is broken', () => {
  const why = (project: ReturnType<typeof askingProject>, source: Parameters<typeof cachedRoster>[1]) => {
    const read = cachedRoster(project.dir, source)
    return read.ok ? expect.fail('it was read') : read.problems.map(({ code, message }) => [code, message])
  }

  test('cut at any byte it is not read, and never as fewer hosts', async () => {
    const { project, source, file } = await asked(2)
    const text = readFileSync(file(), 'utf8')
    let looked = 0
    for (let length = 0; length < text.length - 1; length += 13) {
      writeFileSync(file(), text.slice(0, length))
      expect(why(project, source)[0]?.[0]).toBe('inventory-cache')
      looked += 1
    }
    expect(looked).toBeGreaterThan(200)
  })

  test.each([
    ['"sw1"', '"sw9"', 'it does not have its digest'],
    ['"count":2', '"count":1', 'it does not have its counts'],
    ['"switches":2', '"switches":1', 'it does not have its counts'],
    ['"version":1', '"version":2', 'its version is 2, and 1 is read'],
    ['"version":1,', '', 'its version is null, and 1 is read'],
    ['"kind":"netbox"', '"kind":5', 'a member of it is missing or of another kind'],
    ['"time":"2026', '"time":"when', 'a member of it is missing or of another kind'],
    ['"_meta"', '"meta"', 'a member of it is missing or of another kind'],
  ])('%s made %s: %s', async (from, to, reason) => {
    const { project, source, file } = await asked(2)
    const text = readFileSync(file(), 'utf8')
    expect(text).toContain(from)
    writeFileSync(file(), text.replace(from, to))
    expect(why(project, source)).toEqual([
      ['inventory-cache', `this cached answer of a source cannot be read: ${reason}`],
    ])
  })

  test('is said and asked for anew, and refused where nothing is asked', async () => {
    const { project, source, file } = await asked(2)
    truncateSync(file(), 40)
    await expect(project.refresh(source, { offline: true })).rejects.toMatchObject({
      problems: [{ code: 'inventory-cache' }],
    })
    expect(await project.refresh(source)).toMatchObject({ from: 'source', count: 2 })
    expect(project.told.join('')).toMatch(/^! \.eosflow\/inventory\/netbox-[0-9a-f]{16}\.json:1:1: this cached answer/)
    expect(cachedRoster(project.dir, source).ok).toBe(true)
  })

  test('a link in its place is neither read nor written through', async () => {
    const { project, source, file } = await asked(2)
    const elsewhere = join(project.dir, 'elsewhere.json')
    const path = file()
    const text = readFileSync(path)
    writeFileSync(elsewhere, 'precious')
    unlinkSync(path)
    symlinkSync(elsewhere, path)
    expect(why(project, source)).toEqual([['inventory-cache', 'this cached answer of a source cannot be read (ELOOP)']])
    await project.refresh(source)
    expect(readFileSync(elsewhere, 'utf8')).toBe('precious')
    expect(readFileSync(path)).toEqual(text)
  })

  test('a draft that was left beside it is never read', async () => {
    const { project, source, file } = await asked(2)
    writeFileSync(file().replace(/([^/]+)\.json$/, '.$1.abcdef.part'), '{')
    expect(cachedRoster(project.dir, source).ok).toBe(true)
  })
})
