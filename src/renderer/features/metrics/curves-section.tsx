/** Precision along recall of the chosen classes, with the operating point on each curve. */
import { Check, ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { MetricsAnalysis } from '../../../contract/metrics-view';
import { useSession } from '../../state/session';
import { Segmented } from '../../ui/segmented';
import { useScores } from '../scores/scores-state';
import { ClassSwatch } from './class-swatch';
import { CurveChart } from './curve-chart';
import { CurveTable } from './curve-table';
import { Section } from './section';
import { useCurves } from './use-metrics';

/** Curves shown where nobody chose; more than these are hard to tell apart. */
const FIRST_CURVES = 6;
const MOST_CURVES = 48;
type Iou = '0.50' | '0.75' | 'other' | 'mean';

/** Classes with the most annotations first, back in the classes' order. */
function useCurveClasses(analysis: MetricsAnalysis | null): readonly number[] {
  const chosen = useScores((state) => state.curves);
  const classes = analysis?.classes ?? [];
  if (chosen) return chosen.filter((id) => classes.some((one) => one.id === id));
  const truth = ({ counts }: (typeof classes)[number]): number => counts.truePositives + counts.misses;
  const first = new Set([...classes].sort((a, b) => truth(b) - truth(a)).slice(0, FIRST_CURVES));
  return classes.filter((one) => first.has(one)).map(({ id }) => id);
}

export function CurvesSection({ analysis }: { readonly analysis: MetricsAnalysis | null }): ReactNode {
  const protocol = useSession((session) => session.protocol);
  const iou = useSession((session) => session.point.iou);
  const isMean = useScores((state) => state.isMeanCurve) && protocol === 'coco';
  const ids = useCurveClasses(analysis);
  const curves = useCurves(isMean ? null : iou, ids);
  const [isTable, setIsTable] = useState(false);
  return (
    <Section title="Precision and recall" tools={<IouChoice isMean={isMean} />}>
      {isTable ? (
        <CurveTable curves={curves.value ?? []} />
      ) : (
        <CurveChart curves={curves.value ?? []} analysis={isMean ? null : analysis} />
      )}
      <p className="quiet caption-12">
        {isMean
          ? 'Mean over COCO’s ten IoU thresholds, interpolated: the area under a curve is the class’s AP.'
          : 'Rings: operating point. Drag one, or use its arrow keys, to move the confidence threshold of all.'}
      </p>
      <div className="section-foot">
        <CurveMenu analysis={analysis} chosen={ids} />
        <Segmented
          label="Show as"
          value={isTable ? 'table' : 'chart'}
          options={[
            { value: 'chart', label: 'Chart' },
            { value: 'table', label: 'Table' },
          ]}
          onChange={(next) => setIsTable(next === 'table')}
        />
      </div>
    </Section>
  );
}

/** The IoU of the operating point is shared with the galleries. */
function IouChoice({ isMean }: { readonly isMean: boolean }): ReactNode {
  const protocol = useSession((session) => session.protocol);
  const point = useSession((session) => session.point);
  const setPoint = useSession((session) => session.setPoint);
  const change = useScores((state) => state.change);
  const current: Iou = isMean ? 'mean' : point.iou === 0.5 ? '0.50' : point.iou === 0.75 ? '0.75' : 'other';
  const options: { readonly value: Iou; readonly label: string }[] = [
    { value: '0.50', label: 'IoU 0.50' },
    ...(current === 'other' ? [{ value: 'other' as const, label: point.iou.toFixed(2) }] : []),
    { value: '0.75', label: '0.75' },
    ...(protocol === 'coco' ? [{ value: 'mean' as const, label: 'mean' }] : []),
  ];
  return (
    <Segmented
      label="IoU of the curves"
      value={current}
      options={options}
      onChange={(next) => {
        change({ isMeanCurve: next === 'mean' });
        if (next === '0.50' || next === '0.75') setPoint({ ...point, iou: Number(next) });
      }}
    />
  );
}

function CurveMenu({
  analysis,
  chosen,
}: {
  readonly analysis: MetricsAnalysis | null;
  readonly chosen: readonly number[];
}): ReactNode {
  const categories = useSession((session) => session.project?.categories) ?? [];
  const change = useScores((state) => state.change);
  const classes = analysis?.classes ?? [];
  if (classes.length < 2) return null;
  const toggle = (id: number) => {
    const next = chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id];
    if (next.length > 0 && next.length <= MOST_CURVES) change({ curves: next });
  };
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="button">
        {chosen.length} of {classes.length} classes{' '}
        <ChevronDown size={14} className="quiet-icon" aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
          {classes.map(({ id }) => (
            <DropdownMenu.CheckboxItem
              key={id}
              className="menu-item"
              checked={chosen.includes(id)}
              onCheckedChange={() => toggle(id)}
              onSelect={(event) => event.preventDefault()}
            >
              <span className="tick">
                <DropdownMenu.ItemIndicator>
                  <Check size={14} />
                </DropdownMenu.ItemIndicator>
              </span>
              <ClassSwatch id={id} />
              {categories.find((category) => category.id === id)?.name}
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
