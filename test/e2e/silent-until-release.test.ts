import { expect, test } from 'vitest'
import { EosflowError } from '../../src/model/error.ts'
import { exits, isSaved, type Lab, openLab } from '../lab/lab.ts'
import { openOnLeaf1 } from './rolled-out.ts'

const SETTINGS = "version: 1\nownerSession: true\nproven: { '4.31.4M': { owner: true }, '4.32.2F': { owner: true } }\n"

/** leaf1 shows no configuration from the moment that `from` names on, until the end of its owner session is asked for. */
function unread(from: (lab: Lab, device: string, commands: readonly string[]) => boolean) {
  let [isUnread, isOver] = [false, false]
  return (lab: Lab, device: string, commands: readonly string[]) => {
    isUnread ||= !isOver && from(lab, device, commands)
    if (device !== 'leaf1' || !isUnread) return
    const asked = commands.join('\n')
    if (/own\d+ abort/.test(asked)) [isUnread, isOver] = [false, true]
    else if (/show running-config/.test(asked))
      throw new EosflowError('unreachable', `${device}: no answer`, { device })
  }
}

/** leaf3 refuses its confirm, behind that of leaf1. */
function refusedAtLeaf3({ fabric }: Lab, device: string, commands: readonly string[]) {
  const isConfirm = device === 'leaf3' && commands.some((one) => / commit$/.test(one))
  if (isConfirm) fabric.fault({ device, kind: 'refuse-commit', message: 'Cannot commit session' })
  return isConfirm
}

test('a confirmed switch that answers again when its owner session is ended is restored, and keeps no session', {
  tags: 'long',
}, async () => {
  const lab = openLab({ targets: 'leaf1 or leaf3', before: unread(refusedAtLeaf3) })
  lab.write('eosflow.yaml', SETTINGS)
  const { out, err } = await exits(6, lab.change())
  expect([lab.whereIs('leaf1'), isSaved(lab.device('leaf1'))]).toEqual(['BEFORE', true])
  expect(openOnLeaf1(lab)).toEqual([])
  expect(out + err).not.toContain('may still be open')
})

test('one that has put itself back meanwhile is said to have been out of reach', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab({
    before: unread((its) => its.whereIs('leaf1') === 'AFTER'),
  })
  lab.write('eosflow.yaml', SETTINGS)
  const { err } = await exits(6, lab.change())
  expect(err).toMatch(/leaf1: put back: management-lost: .*read back: running-config equals the one before/)
  expect(openOnLeaf1(lab)).toEqual([])
})

test('another switch that answers at its address behind the end of its owner session says nothing of it: unknown', {
  tags: ['long', 'turn'],
}, async () => {
  let [isEnded, isAnother] = [false, false]
  const silent = unread(refusedAtLeaf3)
  const lab = openLab({
    targets: 'leaf1 or leaf3',
    answers: (_, device) => (isAnother && device === 'leaf1' ? 'leaf2' : device),
    before: (its, device, commands) => {
      isAnother ||= isEnded && device === 'leaf1'
      isEnded ||= commands.some((one) => / abort$/.test(one) && /own1/.test(one) && device === 'leaf1')
      silent(its, device, commands)
    },
  })
  lab.write('eosflow.yaml', SETTINGS)
  const { err } = await exits(7, lab.change())
  expect(err).toContain('leaf1: unknown: leaf1: another switch answers: serial')
  // It was not restored there either.
  expect([lab.whereIs('leaf1'), lab.whereIs('leaf2')]).toEqual(['AFTER', 'BEFORE'])
  // What a person finds there is settled by them.
  const cmds = ['enable', 'copy running-config startup-config']
  const body = { jsonrpc: '2.0', id: 'x', method: 'runCmds', params: { version: 1, cmds } }
  await lab.device('leaf1').eapi(JSON.stringify(body))
})
