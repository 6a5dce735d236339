import { describe, expect, test } from 'vitest'
import { comparableText } from '../../../src/eos/config/vlan-sets.ts'

describe('comparableText', () => {
  test('drops the header lines of a switch, trailing blanks, CR and blank lines at the end', () => {
    const text =
      '! Command: show running-config\r\n! device: leaf1 (vEOS-lab, EOS-4.31.2F)\r\n!\r\n! boot system flash:/vEOS-lab.swi\r\nhostname leaf1  \r\nend\r\n\r\n'
    expect(comparableText(text)).toBe('!\n! boot system flash:/vEOS-lab.swi\nhostname leaf1\nend\n')
  })

  test('drops the lines that change by themselves', () => {
    const text =
      '! Startup-config last modified at  Sun Sep 11 18:35:01 2016 by root\n! Time: Thu Nov 20 08:11:00 2026\n! Last configuration change at 08:00\nntp clock-period 17179868\nntp server 10.0.0.1\n'
    expect(comparableText(text)).toBe('ntp server 10.0.0.1\n')
  })

  test('two readings of one configuration are equal, a changed command is not', () => {
    const first = '! Command: show running-config\nvlan 10\n   name BLUE\n'
    expect(comparableText(first)).toBe(comparableText('vlan 10\n   name BLUE'))
    expect(comparableText(first)).not.toBe(comparableText('vlan 10\n   name RED'))
  })

  test('a line that only mentions a header, and the indentation, stay', () => {
    expect(comparableText('   description ! Command: none\n')).toBe('   description ! Command: none\n')
  })

  test('a text of nothing but headers is empty', () => {
    expect(comparableText('! Command: show running-config\n\n')).toBe('')
  })
})
