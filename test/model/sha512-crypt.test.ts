import { describe, expect, test } from 'vitest'
import { cryptSalt, matchesSha512Crypt, sha512Crypt } from '../../src/model/sha512-crypt.ts'

describe('the hash of a secret, as crypt(3) makes it', () => {
  test.each([
    // The first is in Drepper's specification, the others are what `openssl passwd -6` and libcrypt print.
    [
      'Hello world!',
      'saltstring',
      '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
    ],
    [
      'arista',
      'abcdefghijklmnop',
      '$6$abcdefghijklmnop$g9THfJHAOsPynaq2Rm58tnbFGuL5uSCdgRklp4RHeoRLBt7MNGHW6./ObN/gduLJhM0OE3hVRAIvdFHxVwogr0',
    ],
    [
      'x'.repeat(70),
      'saltstring',
      '$6$saltstring$3erWN/n45R1SsGcJ7NRlQaFuHPXhHClKZQDKfh/jWEbW0llkR4iwRKYjP1Ogpd7h/U.ZdZIswbqcSiRTQaqaS1',
    ],
    ['', 'abc', '$6$abc$mJP3a6FyA8uCnzRtlnNypPwjnvpi5TP9qOrInzrfDmwxUQG38PkpCPdqfTb8JQfAngapMxeim4AZ..hSdRRzD.'],
  ])('%j with salt %s', (password, salt, hash) => {
    expect(sha512Crypt(password, salt)).toBe(hash)
    expect(matchesSha512Crypt(password, hash)).toBe(true)
    expect(matchesSha512Crypt(`${password}.`, hash)).toBe(false)
  })

  test('another scheme never matches', () => {
    expect(matchesSha512Crypt('x', '$1$abc$def')).toBe(false)
    expect(matchesSha512Crypt('x', '*')).toBe(false)
  })

  test('a salt has sixteen characters of the alphabet', () => {
    expect(cryptSalt('000102030405060708090a0b0c0d0e3f')).toBe('./0123456789ABCz')
  })
})
