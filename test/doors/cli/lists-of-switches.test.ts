import { describe, expect, test } from 'vitest'
import { everyNth } from '../../extent.ts'
import { exits, fileText, json, type Lab, openLab, prints, warns, workflowFor } from '../../lab/lab.ts'
import { until } from '../../lab/server.ts'
import { startAgentTools } from '../agents/agent-tools.ts'
import { eosflow, newProject } from './eosflow.ts'

/** The switches that a command is about, else its exit code and what it says. */
async function selected(lab: Lab, ...flags: readonly string[]) {
  const { code, out, err } = await lab.eosflow('snapshot take --json', ...flags)
  return code === 0 ? [...JSON.parse(out).devices].sort() : `${code} ${err}`
}

describe('a file of switches behind -t', () => {
  test.each(
    everyNth(4, 'files of switches', [
      ['alone', ['-t', '@retry/site.retry'], ['leaf1', 'leaf3']],
      ['with what is taken out', ['-t', '@retry/site.retry and not leaf3, spine1'], ['leaf1', 'spine1']],
      ['behind --limit', ['--limit', '@retry/site.retry'], ['leaf1', 'leaf3']],
      ['behind --limit=', ['--limit=leaf2,@retry/site.retry'], ['leaf1', 'leaf2', 'leaf3']],
    ]),
  )('%s', async (_what, flags, expected) => {
    const lab = openLab({ files: { 'retry/site.retry': 'leaf3\nleaf1\n' } })
    expect(await selected(lab, ...flags)).toEqual(expected)
  })

  test('says with file and line what is wrong in it, and no switch is asked', async () => {
    const lab = openLab({ files: { 'some.txt': 'leaf1\n# spare\nleaf99\n@other.txt\n' } })
    await warns(
      3,
      lab.eosflow('plan workflow.yaml -t @some.txt'),
      'some.txt:3:1: there is no switch `leaf99` in inventory.yaml',
      'some.txt:4:1: `@other.txt` is not taken here: a file of switches is named on a command line alone',
    )
    expect(lab.device('leaf1').requests()).toEqual(openLab().fabric.device('leaf1').requests())
  })

  test.each([
    [['-t', '@none.txt'], 'none.txt:1:1: there is no such file'],
    [['-t', '@'], 'behind `@` no file is named'],
    [['-t', 'leaf1', '--limit', 'leaf2'], '--limit is --target, and both are given'],
    [['-t', 'failed:@latest'], 'no execution has changed a switch yet, or tried to'],
    [['-t', 'failed:nosuch'], 'there is no such execution'],
  ])('%j is refused', async (flags, said) => {
    expect(await selected(openLab(), ...flags)).toMatch(new RegExp(`^3 [\\s\\S]*${said.replace(/[.]/g, '\\.')}`))
  })

  test('is standard input as @-, and the line to paste names the switches', { tags: ['long', 'turn'] }, async () => {
    const cwd = await newProject()
    const flags = ['plan', 'workflows/add-vlan.yaml', '-p', 'vlan=140', '-p', 'label=X', '--offline', 'fabrics/dc1']
    await prints(
      0,
      eosflow([...flags, '-t', '@-'], { cwd, input: 'leaf1\nleaf2\n' }),
      /Next: eosflow run .* -t 'leaf1, leaf2'/,
    )
    await warns(3, eosflow([...flags, '-t', '@-'], { cwd }), '-: the list names no switch')
  })
})

describe('failed:EXECUTION', () => {
  test('is the switches that did not succeed in it, past dry runs, until all have', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({ targets: 'leaf1 or leaf3 or spine1' })
    lab.fault({ device: 'leaf3', kind: 'unreachable' })
    await lab.agreed('run workflow.yaml --skip-unreachable')
    lab.clearFaults()
    expect(await selected(lab, '-t', 'failed:@latest')).toEqual(['leaf3'])
    await prints(
      0,
      lab.eosflow('plan workflow.yaml -t failed:@latest'),
      /Next: eosflow run workflow\.yaml -t failed:@latest --approve sha256:/,
    )
    expect(await selected(lab, '-t', 'spine1, failed:@latest')).toEqual(['leaf3', 'spine1'])
    await exits(0, lab.agreed('run workflow.yaml -t failed:@latest'))
    expect(await selected(lab, '-t', 'failed:@latest')).toMatch(/^3 [\s\S]*no switch failed in /)
  })

  test('is every switch of a change that was put back, and one that is gone is said', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({ targets: 'leaf1 or leaf3' })
    // leaf1 is good, and is put back because leaf3 is not.
    lab.fault({ device: 'leaf3', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
    await exits(6, lab.change())
    lab.clearFaults()
    expect(await selected(lab, '-t', 'failed:@latest')).toEqual(['leaf1', 'leaf3'])
    const { id } = await json(lab.eosflow('show @latest --json'))
    expect(await selected(lab, '-t', `failed:${id} and not leaf3`)).toEqual(['leaf1'])
    const inventory = JSON.parse(fileText(lab.dir, 'inventory.yaml'))
    delete inventory.devices.leaf3
    lab.write('inventory.yaml', JSON.stringify(inventory))
    expect(await selected(lab, '-t', 'failed:@latest')).toContain(
      `leaf3: failed in ${id}, and is no longer in inventory.yaml`,
    )
  })

  test('of an execution that waits is refused', async () => {
    const lab = openLab()
    await lab.exits(12, 'run workflow.yaml --detach')
    expect(await selected(lab, '-t', 'failed:@latest')).toMatch(/^3 [\s\S]*has not ended/)
  })

  test.each(['failed:@latest', '@/etc/passwd', '@workflow.yaml'])(
    '%s in a workflow file is refused',
    async (targets) => {
      const lab = openLab({ targets: `'${targets}'` })
      await warns(3, lab.eosflow('plan workflow.yaml'), `workflow.yaml:2:11: \`${targets}\` is not taken here`)
    },
  )
})

describe('over the network', () => {
  test.each(
    everyNth(3, 'lists over the network', [
      '@/etc/passwd',
      '@/etc/shadow',
      '@-',
      'leaf1, @inventory.yaml',
      '(@eosflow.yaml)',
      'not @policy.yaml',
    ]),
  )('no file of the server is read: %s', async (targets) => {
    const bench = await startAgentTools()
    const refused: number[] = []
    for (const [path, body] of [
      ['/api/v1/plans', { workflow: 'workflows/leaf.yaml', targets }],
      ['/api/v1/executions', { workflow: 'workflows/leaf.yaml', targets }],
      ['/api/v1/snapshots', { targets }],
    ] as const) {
      const { status, json } = await bench.ask('POST', path, { token: 'alice', body })
      refused.push(status)
      expect(JSON.stringify(json)).toContain('a file of switches is named on a command line alone')
      expect(JSON.stringify(json)).not.toMatch(/root:|credentials|nobody/)
    }
    expect(refused).toEqual([422, 422, 422])
  })

  test('failed: is taken of an execution that whoever asks may read, and any other is not there', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await startAgentTools()
    const { lab } = bench
    await bench.room.begin()
    const ask = (token: string, targets: string) =>
      bench.ask('POST', '/api/v1/plans', { token, body: { workflow: 'workflows/leaf.yaml', targets } })
    expect((await ask('alice', 'failed:@latest')).status).toBe(404)

    lab.write('workflows/two.yaml', workflowFor('leaf1 or leaf3'))
    lab.fault({ device: 'leaf3', kind: 'unreachable' })
    const body = { workflow: 'workflows/two.yaml' }
    const { json } = await bench.ask('POST', '/api/v1/executions', { token: 'alice', body })
    await until(bench, async () => bench.room.running.length === 0)
    lab.clearFaults()
    const id = String(json.execution)
    expect(
      await bench.ask('POST', '/api/v1/snapshots', { token: 'alice', body: { targets: `failed:${id} and not leaf1` } }),
    ).toMatchObject({
      status: 200,
      json: { devices: ['leaf3'] },
    })
    // Nobody has given dave a right on any switch: for him the execution is as one that is not there.
    expect((await ask('dave', `failed:${id}`)).status).toBe((await ask('dave', 'failed:nosuch')).status)
    expect((await ask('dave', `failed:${id}`)).text).toBe((await ask('dave', 'failed:nosuch')).text)
  })
})
