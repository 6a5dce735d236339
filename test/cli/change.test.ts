import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Lab, startLab } from '../e2e/in-memory.ts'
import { typeOn } from './type-on.ts'

const PORT = ['interface Ethernet10', 'description X']
const DIFF = ['    interface Ethernet10', '  +    description X']

const runningOf = async (lab: Lab, device: string): Promise<string> =>
  JSON.stringify(await typeOn(lab.fabric.device(device), 'show running-config'))
const sent = (lab: Lab): number => lab.fabric.devices.flatMap((device) => device.requests()).length
const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? ''
const executionIn = (text: string): string => /execution (\d{8}-\d{6}-[0-9a-f]{8})/.exec(text)?.[1] ?? ''

const pieces = (text: string): readonly string[] => text.split('\n')

describe('change', () => {
  test('plans the lines, asks, and makes the change as run does', async () => {
    const lab = startLab()
    const { code, out, err } = await lab.agreed('change', '-t', 'leaf1', ...PORT)
    expect(code, out + err).toBe(0)
    expect(pieces(err)).toEqual(expect.arrayContaining(DIFF))
    expect(await runningOf(lab, 'leaf1')).toContain('description X')
    expect(await runningOf(lab, 'leaf2')).not.toContain('description X')
    const shown = await lab.eosflow('show', '@latest')
    expect([shown.code, shown.out]).toEqual([0, expect.stringContaining('succeeded')])
  })

  test('says yes for nobody: without a terminal it waits, exit 12, and nothing is committed', async () => {
    const lab = startLab()
    const { code, out } = await lab.eosflow('change', '-t', 'leaf1', ...PORT)
    expect([code, lastLine(out)]).toEqual([
      12,
      expect.stringMatching(/^Next: eosflow approve \S+ && eosflow resume \S+$/),
    ])
    expect(await runningOf(lab, 'leaf1')).not.toContain('description X')
    const id = /approve (\S+)/.exec(lastLine(out))?.[1] ?? ''
    expect((await lab.agreed('approve', id)).code).toBe(0)
    expect((await lab.eosflow('resume', id)).code).toBe(0)
    expect(await runningOf(lab, 'leaf1')).toContain('description X')
  })
})
