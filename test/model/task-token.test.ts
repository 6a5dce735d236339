import { describe, expect, test } from 'vitest'
import { isTaskToken, TASK_TOKEN, taskToken, taskTokenDigest } from '../../src/model/task-token.ts'

const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'
const EXECUTION = '20261120-101500-1a2b3c4d'

describe('a task token', () => {
  // Reckoned with Python's hmac after RFC 5869 and RFC 2104.
  test('is the one that another program makes of the same key, execution and attempt', () => {
    const token = taskToken(KEY, EXECUTION, 'Map[0]/Ask/7/2')
    expect(token).toBe('eosflow-task-hkbBgGY2Nnr23cyTHa6_Lv1O87Am9KATcKqr3G7w0jg')
    expect(taskTokenDigest(token)).toBe('sha256:d98dfd7f63589bc024a2d0d2b5e38f1308ee53a41af9c8165f686add9205e433')
  })

  test('is another for another key, execution or attempt', () => {
    const tokens = [
      taskToken(KEY, EXECUTION, '/Ask/7/1'),
      taskToken(KEY, EXECUTION, '/Ask/7/2'),
      taskToken(KEY, EXECUTION, '/Ask/17/2'),
      taskToken(KEY, `${EXECUTION}/Ask`, '/7/2'),
      taskToken(KEY.replace('0', '1'), EXECUTION, '/Ask/7/1'),
    ]
    expect(new Set(tokens).size).toBe(5)
    expect(tokens.filter((token) => !isTaskToken(token))).toEqual([])
  })

  test.each([
    '',
    TASK_TOKEN,
    'eosflow-task-',
    'eosflow-task-hkbBgGY2Nnr23cyTHa6_Lv1O87Am9KATcKqr3G7w0jg=',
    'eosflow-task-hkbBgGY2Nnr23cyTHa6_Lv1O87Am9KATcKqr3G7w0j',
    ' eosflow-task-hkbBgGY2Nnr23cyTHa6_Lv1O87Am9KATcKqr3G7w0jg',
    'eosflow-task-hkbBgGY2Nnr23cyTHa6_Lv1O87Am9KATcKqr3G7w0jg\n',
    'eosflow-task-hkbBgGY2Nnr23cyTHa6_Lv1O87Am9KATcKqr3G7w0j/',
  ])('has a form that %j has not', (text) => {
    expect(isTaskToken(text)).toBe(false)
  })

  test('has a placeholder that JSON, a URL and a header leave as it is', () => {
    expect(JSON.stringify(TASK_TOKEN)).toBe(`"${TASK_TOKEN}"`)
    expect(encodeURIComponent(TASK_TOKEN)).toBe(TASK_TOKEN)
    expect(new URL(`https://a.example/${TASK_TOKEN}?t=${TASK_TOKEN}`).href).toContain(`/${TASK_TOKEN}?t=${TASK_TOKEN}`)
  })
})
