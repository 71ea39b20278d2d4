/** `--reported KEY=VALUE`: a number that somebody was given, with the digits it was printed with. */
import type { ReportedNumber } from '../../core/diagnosis/rule';
import { usage } from '../command';

export function parseReported(text: string): ReportedNumber {
  const match = /^\s*(.+?)\s*=\s*(-?\d*\.?\d+(?:e[+-]?\d+)?)\s*(%?)\s*$/i.exec(text);
  const value = match ? Number(match[2]) : NaN;
  if (!match || !Number.isFinite(value))
    throw usage(
      `“${text}” is no reported number.`,
      "Write it as 'PascalBoxes_Precision/mAP@0.5IOU=0.008' or 'AP=0.41'.",
    );
  const [mantissa = '', exponent = '0'] = match[2]!.toLowerCase().split('e');
  const written = (mantissa.split('.')[1] ?? '').length - Number(exponent);
  const decimals = match[3] === '%' ? written + 2 : written;
  return { key: match[1]!, value: match[3] === '%' ? value / 100 : value, decimals: Math.max(0, decimals) };
}
