/** Our PHP promises 5.6, which nobody runs here: its tokens are looked through for whatever came later. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { has } from '../support/require.js'

interface Finding {
  readonly file: string
  readonly line: number
  readonly what: string
}

const findings = (files: readonly string[]): readonly Finding[] =>
  JSON.parse(
    execFileSync('php', [projectFile('test/support/php56.php'), ...files], { encoding: 'utf8' }),
  ) as readonly Finding[]

const folder = projectFile('docs/integrators/php')
const kits = readdirSync(folder).map(name => join(folder, name))

/** Each of a version after 5.6, and the words by which it must be found. */
const later: readonly (readonly [string, string])[] = [
  ['$a = $b ?? 1;', '??'],
  ['$a ??= 1;', '??='],
  ['$a = $b <=> $c;', '<=>'],
  ['$f = fn($x) => $x;', 'fn'],
  ['function f() { yield from g(); } function g() {}', 'yield from'],
  ['$a = match($b) { 1 => 2 };', 'match'],
  ['$a?->b;', '?->'],
  ['#[A]\nfunction f() {}', '#['],
  ['enum A { case B; }', 'enum'],
  ['class A { public readonly int $b; }', 'readonly'],
  ['function f(int $a) {}', 'type int'],
  ['function f($b, string $a = "x") {}', 'type string'],
  ['$f = function (?A $a) {};', 'type ?A'],
  ['function f(A|B $a) {}', 'type A|B'],
  ['class A { function __construct(private $b) {} }', 'type private'],
  ['function f() : array {}', 'return type'],
  ['$f = function () use ($a): A {};', 'return type'],
  ['class A { public int $b; }', 'typed property'],
  ['class A { private ?B $b; }', 'typed property'],
  ['class A { private const B = 1; }', 'visibility of a constant'],
  ['$a = new class {};', 'anonymous class'],
  ['declare(strict_types=1);', 'strict_types'],
  ['use A\\{B, C};', 'group use'],
  ['$a = "\\u{401}";', '\\u{}'],
  ['try {} catch (A | B $e) {}', 'catch of several'],
  ['try {} catch (A $e) {} catch (B) {}', 'catch without a variable'],
  ['[$a, $b] = $c;', 'short list'],
  ['foreach ($a as [$b, $c]) {}', 'short list'],
  ['foreach ($a as $k => [$b, $c]) {}', 'short list'],
  ['list("a" => $a) = $b;', 'list with keys'],
  ['$a = [1, ...$b];', 'spread in an array'],
  ['$a = <<<X\n  a\n  X;', 'indented heredoc'],
  ['strlen($a,);', 'comma before a bracket'],
  ['$a = 1_000;', 'number'],
  ['$a = 0o17;', 'number'],
  ['hash(algo: "sha256", data: "");', 'named argument'],
  ['$a = $b ?: throw $c;', 'throw as a value'],
  ['$a = $b::class;', '::class of an object'],
  ['$f = strlen(...);', 'f(...)'],
  ['(function () {})();', 'call of a result'],
  ['$a = random_bytes(16);', 'function random_bytes'],
  ['function_exists("random_int"); $a = random_int(1, 2);', 'function random_int'],
  ['str_contains($a, "b");', 'function str_contains'],
  ['$a = \\intdiv(5, 2);', 'function intdiv'],
  ['array_key_first($a);', 'function array_key_first'],
  ['json_decode($a, true, 512, JSON_THROW_ON_ERROR);', 'constant JSON_THROW_ON_ERROR'],
  ['session_start(array("cookie_secure" => true));', 'arguments of session_start'],
]

/** All of it 5.6, though it looks like the above. */
const old = `<?php
namespace A; use B\\C; use function B\\f;
/** fn match enum ?? */
class D extends C { const E = 'fn'; public $g = array(1, 2,), $h = [1, 2,]; private static $i; public static function j(array $k, C $l, callable $m = null, &$n = [1], ...$o) { return static::$i; } }
$p['a'][1] = $p ? 1 : 2; list($q, , $r) = array(1, [2]); foreach ($p as $k => $v) { $s = [$k => [$v]]; } foreach ([[1], [2]] as list($t)) {}
$u = "\${p['a']} {$p['a'][1]} $p[a] \\\\u{" . 'a \\u{401} ?->'; $w = function ($x) use ($p, &$q) { return $x; }; $w(1); strlen(...[$u]);
$y = function_exists('random_bytes') ? random_bytes(16) : openssl_random_pseudo_bytes(16);
try { $z = 2 ** 0x1F; throw new D(); } catch (D $e) { } catch (\\Exception $e) { } if ($p) { throw new D; } switch ($p) { case 1: throw new D(); }
$aa = <<<X
?? fn
X;
`

if (has('php', 'php-cli'))
  describe('PHP 5.6', () => {
    let place = ''
    before(() => (place = mkdtempSync(join(tmpdir(), 'php56-'))))
    after(() => rmSync(place, { recursive: true }))
    const written = (name: string, text: string): string => {
      const file = join(place, name)
      writeFileSync(file, text)
      return file
    }

    it('is enough for every file that we give away', () => {
      expect(kits).to.have.length.above(3)
      expect(findings(kits)).to.deep.equal([])
    })

    it('control: whatever came later is found, and named', () => {
      const files = later.map(([code], i) => written(`${i}.php`, `<?php\n${code}\n`))
      const found = findings(files)
      const missed = later.filter(
        ([, what], i) => !found.some(finding => finding.file === `${i}.php` && finding.what === what),
      )
      expect(missed).to.deep.equal([])
    })

    it('control: what 5.6 has is left in peace', () => {
      expect(findings([written('old.php', old)])).to.deep.equal([])
    })
  })
