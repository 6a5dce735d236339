import { describe, expect, test } from 'vitest'
import { cloudVision as feature } from '../../../src/features/cloudvision/index.ts'
import { cloudVisionSettings } from '../../../src/features/cloudvision/settings.ts'
import { parseSettings, settingOf } from '../../../src/project/files/settings/settings.ts'

const TOKEN = `\${env:CLOUDVISION_TOKEN}`
const read = (cloudvision: string, host = `{ origin: 'https://cvp.example.com', secrets: ['${TOKEN}'] }`) =>
  parseSettings(`http: { key: '\${env:KEY}', hosts: [${host}] }\ncloudvision: ${cloudvision}\n`, 'eosflow.yaml', [
    feature,
  ])

describe('the settings of CloudVision', () => {
  test('have defaults that refuse and report', () => {
    const settings = read(`{ url: 'https://cvp.example.com/', token: '${TOKEN}' }`.replace('com/', 'com'))
    expect(settings.ok && settingOf(settings.value, cloudVisionSettings)).toEqual({
      url: 'https://cvp.example.com',
      token: TOKEN,
      whenAway: 'refuse',
      askAgainAfter: 60,
      reconcile: 'report',
    })
  })

  test.each([
    [
      'a path',
      `{ url: 'https://cvp.example.com/cvpservice', token: '${TOKEN}' }`,
      undefined,
      'the address of CloudVision is a scheme',
    ],
    [
      'a user',
      `{ url: 'https://me:pw@cvp.example.com', token: '${TOKEN}' }`,
      undefined,
      'the address of CloudVision is a scheme',
    ],
    [
      'a token in clear',
      `{ url: 'https://cvp.example.com', token: 'osprey-4417' }`,
      undefined,
      'write a reference to the secret here, not the secret',
    ],
    [
      'a token in clear, of a host that is not listed',
      `{ url: 'https://other.example.com', token: 'osprey-4417' }`,
      undefined,
      'not among `http: hosts:`',
    ],
    ['no token', `{ url: 'https://cvp.example.com' }`, undefined, 'token'],
    [
      'a host that is not listed',
      `{ url: 'https://other.example.com', token: '${TOKEN}' }`,
      undefined,
      'CloudVision is at https://other.example.com, which is not among `http: hosts:`',
    ],
    [
      'a token that is not listed',
      `{ url: 'https://cvp.example.com', token: '${TOKEN}' }`,
      `'https://cvp.example.com'`,
      `${TOKEN} may not be sent to https://cvp.example.com`,
    ],
    [
      'a reconcile that is not built',
      `{ url: 'https://cvp.example.com', token: '${TOKEN}', reconcile: trigger }`,
      undefined,
      'trigger',
    ],
    ['another word', `{ url: 'https://cvp.example.com', token: '${TOKEN}', whenAway: ignore }`, undefined, 'whenAway'],
  ])('refuse %s', (_, cloudvision, host, message) => {
    const settings = read(cloudvision, host)
    const words = settings.ok ? 'good' : settings.problems.map((one) => `${JSON.stringify(one)}`).join('\n')
    expect(words).toContain(message)
    expect(words).not.toContain('osprey')
    expect(words).not.toContain('me:pw')
  })

  test('say of what is not built that it is not', () => {
    const settings = read(`{ url: 'https://cvp.example.com', token: '${TOKEN}', reconcile: trigger }`)
    expect(settings.ok ? [] : settings.problems.map(({ code }) => code)).toEqual(['not-built-yet'])
  })
})
