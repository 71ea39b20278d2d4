/**
 * A learning rate as a formula of `step`, as people write it: `0.01 * 0.95 ^ floor(step / 1000)`. Numbers, `step`,
 * `pi`, + - * / ^ ( ), comparisons (1 or 0) and a few functions; nothing of it is ever run as code.
 */
import { BadInput } from '../foundation/bad-input';

/** The rate at a step. */
export type RateFormula = (step: number) => number;

const FUNCTIONS: Readonly<Record<string, (...values: number[]) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  cos: Math.cos,
  exp: Math.exp,
  floor: Math.floor,
  log: Math.log,
  max: Math.max,
  min: Math.min,
  mod: (a, b) => a - b * Math.floor(a / b),
  sin: Math.sin,
  sqrt: Math.sqrt,
};
/** From the weakest; those of a row from left to right. */
const OPERATORS: readonly Readonly<Record<string, (a: number, b: number) => number>>[] = [
  {
    '<': (a, b) => Number(a < b),
    '>': (a, b) => Number(a > b),
    '<=': (a, b) => Number(a <= b),
    '>=': (a, b) => Number(a >= b),
  },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => a / b },
];
const TOKEN =
  /\s*(?:(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)|([A-Za-z_]\w*)|(\*\*|<=|>=|[-+*/^(),<>]))/y;
const LONGEST = 500;

/** Throws `BadInput` where the text is no formula. */
export function parseRateFormula(text: string): RateFormula {
  return new FormulaParser(text).whole();
}

class FormulaParser {
  readonly #tokens: readonly string[];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = this.#tokenise();
  }

  whole(): RateFormula {
    const formula = this.#operation(0);
    if (this.#at < this.#tokens.length) this.#fail();
    return formula;
  }

  #fail(): never {
    const token = this.#tokens[this.#at];
    throw new BadInput(
      'formula-invalid',
      token === undefined ? 'The formula ends in the middle.' : `“${token}” cannot stand there in a formula.`,
      'Write it as 0.01 * 0.95 ^ floor(step / 1000).',
    );
  }

  #tokenise(): string[] {
    const tokens: string[] = [];
    const text = this.#text.trim();
    if (text.length > LONGEST)
      throw new BadInput('formula-invalid', 'The formula is too long.', 'Shorten it.');
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
      const at = TOKEN.lastIndex;
      const match = TOKEN.exec(text);
      if (!match)
        throw new BadInput(
          'formula-invalid',
          `“${text.slice(at, at + 10)}” cannot stand in a formula.`,
          'Use numbers, step, + - * / ^ and parentheses.',
        );
      tokens.push(match[1] ?? match[2] ?? match[3]!);
    }
    return tokens;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #operation(level: number): RateFormula {
    const operators = OPERATORS[level];
    if (!operators) return this.#power();
    let left = this.#operation(level + 1);
    for (;;) {
      const token = this.#tokens[this.#at] ?? '';
      if (!Object.hasOwn(operators, token)) return left;
      this.#at++;
      const [first, second, apply] = [left, this.#operation(level + 1), operators[token]!];
      left = (step) => apply(first(step), second(step));
    }
  }

  /** From the right, and stronger than a sign before it: -2 ^ 2 is -4. */
  #power(): RateFormula {
    if (this.#take('-')) {
      const value = this.#power();
      return (step) => -value(step);
    }
    const base = this.#value();
    if (!this.#take('^') && !this.#take('**')) return base;
    const exponent = this.#power();
    return (step) => base(step) ** exponent(step);
  }

  #value(): RateFormula {
    const token = this.#tokens[this.#at++];
    if (token === '(') {
      const inner = this.#operation(0);
      if (!this.#take(')')) this.#fail();
      return inner;
    }
    if (token !== undefined && /^[\d.]/.test(token)) {
      const number = Number(token);
      return () => number;
    }
    if (token === 'step') return (step) => step;
    if (token === 'pi') return () => Math.PI;
    if (token === undefined || !Object.hasOwn(FUNCTIONS, token) || !this.#take('(')) {
      this.#at--;
      return this.#fail();
    }
    return this.#call(FUNCTIONS[token]!);
  }

  #call(apply: (...values: number[]) => number): RateFormula {
    const values: RateFormula[] = [];
    do values.push(this.#operation(0));
    while (this.#take(','));
    if (!this.#take(')')) this.#fail();
    return (step) => apply(...values.map((value) => value(step)));
  }
}
