import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { csvTags, readCsv, readTable } from '../../../../src/change/roster/format/read-table.ts'
import { recordings } from '../../../recordings.ts'
import { placeIn, problemsOf, rosterOf, varsOf } from '../own-tree.ts'

const COLUMNS = { name: 'hostname', host: 'ip', port: 'api', 'tags.role': 'role' }
const TABLE = `# made by hand
hostname, ip, role, notes, api
leaf1,192.0.2.11/24,leaf,"a ""quoted"", long
note",

 spine1 , 2001:db8::1/64, spine,,8443
# leaf9,192.0.2.19,leaf
leaf2,192.0.2.12`
const read = (content: string | Uint8Array, columns: Readonly<Record<string, string>> = COLUMNS) =>
  readCsv({ file: 'switches.csv', content }, columns)

describe('a table of switches', () => {
  const { hosts } = rosterOf(read(TABLE))

  test('each row is a host, each field that is not empty a variable', () => {
    expect([...hosts.keys()]).toEqual(['leaf1', 'spine1', 'leaf2'])
    expect(varsOf(hosts.get('leaf1'))).toEqual({
      hostname: 'leaf1',
      ip: '192.0.2.11/24',
      role: 'leaf',
      notes: 'a "quoted", long\nnote',
      'csv.host': '192.0.2.11',
    })
    expect(varsOf(hosts.get('spine1'))).toEqual({
      hostname: 'spine1 ',
      ip: '2001:db8::1/64',
      role: 'spine',
      api: '8443',
      'csv.host': '2001:db8::1',
      'csv.port': '8443',
    })
    expect(varsOf(hosts.get('leaf2'))).toEqual({ hostname: 'leaf2', ip: '192.0.2.12', 'csv.host': '192.0.2.12' })
    expect(csvTags(COLUMNS)).toEqual({ role: 'role' })
  })

  test('values know where they are written', () => {
    expect(hosts.get('spine1')?.at).toEqual({ file: 'switches.csv', line: 6, column: 2 })
    expect(placeIn(hosts.get('spine1'), 'csv.host')).toBe('switches.csv:6:11')
    expect(placeIn(hosts.get('leaf1'), 'notes')).toBe('switches.csv:3:26')
  })

  test('as spreadsheets write it: a byte order mark, and line ends of Windows', () => {
    const written = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(TABLE.replaceAll('\n', '\r\n'))])
    const { hosts: same } = rosterOf(read(written))
    expect([...same.values()].map((host) => [host.at, varsOf(host)])).toEqual(
      [...hosts.values()].map((host) => [host.at, varsOf(host)]),
    )
  })

  test.each([
    ['nothing', '', ['switches.csv:1:1 inventory-table the table is empty']],
    [
      'another separator',
      'hostname;ip\nleaf1;x\n',
      ['switches.csv:1:1 inventory-table the fields of the table are not separated by commas'],
    ],
    [
      'no such columns',
      'name,role\nleaf1,x\n',
      [
        'switches.csv:1:1 inventory-table the table has no column `hostname`',
        'switches.csv:1:1 inventory-table the table has no column `ip`',
        'switches.csv:1:1 inventory-table the table has no column `api`',
      ],
    ],
    ['a column twice', 'hostname,ip,role,api,ip\n', ['switches.csv:1:22 inventory-table there are two columns `ip`']],
    ['a column without a name', 'hostname,ip,role,api,\n', ['switches.csv:1:22 inventory-table a column has no name']],
    [
      'a row that is too long',
      'hostname,ip,role,api\na,b,c,d,e,f\n',
      ['switches.csv:2:9 inventory-table the row has 6 fields, and the table 4 columns'],
    ],
    [
      'a quote that is open',
      'hostname,ip,role,api\na,"b\nc,d\n',
      ['switches.csv:2:3 inventory-table the quote is not closed'],
    ],
    [
      'text behind a quote',
      'hostname,ip,role,api\na,"b"c,d\n',
      ['switches.csv:2:6 inventory-table there is text behind the quote'],
    ],
    ['a name twice', 'hostname,ip,role,api\na,,,\na,,,\n', ['switches.csv:3:1 inventory-table `a` is there twice']],
    ['no name', 'hostname,ip,role,api\n ,x,,\n', ['switches.csv:2:2 inventory-table the column `hostname` is empty']],
    [
      'a binary file',
      Buffer.from([0xff, 0xfe, 0x41, 0x00]),
      ['switches.csv:1:1 not-text the file is UTF-16, not UTF-8'],
    ],
  ])('%s is refused', (_name, text, problems) => {
    expect(problemsOf(read(text))).toEqual(problems)
  })
})

test('100,000 quotes in one field are read at once', () => {
  const start = performance.now()
  expect(rosterOf(read(`name\n"${'""'.repeat(100_000)}"\n`, { name: 'name' })).hosts.size).toBe(1)
  expect(performance.now() - start).toBeLessThan(2_000)
})

const home = recordings('inventories/csv/')

describe.skipIf(!existsSync(home))("recorded of Python's csv", () => {
  test('6 tables with 40 rows', () => {
    let [tables, rows] = [0, 0]
    for (const folder of readdirSync(home)) {
      const expected = JSON.parse(readFileSync(new URL(`${folder}/expected.json`, home), 'utf8')) as Record<
        string,
        unknown
      >
      for (const [file, recorded] of Object.entries(expected)) {
        const table = readTable({ file, content: readFileSync(new URL(`${folder}/source/${file}`, home)) })
        if (!table.ok) throw new Error(table.problems[0].message)
        const columns = table.value.columns.map(({ text }) => text)
        const fields = table.value.rows.map((row) =>
          Object.fromEntries(columns.map((name, index) => [name, row[index]?.text ?? null])),
        )
        expect(recorded).toMatchObject({ columns, rows: fields })
        tables += 1
        rows += fields.length
      }
    }
    expect([tables, rows]).toEqual([6, 40])
  })
})
