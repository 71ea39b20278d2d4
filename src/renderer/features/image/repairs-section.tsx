/** What one more edit of this image would bring, each tried on a copy and scored. */
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { RunId } from '../../../contract/view-types';
import type { AppProtocol } from '../../../core/metrics/evaluation';
import type { Scene } from '../../editor/scene';
import { engine } from '../../state/engine-client';
import { OutcomeGlyph } from '../../ui/outcome-glyph';
import type { ImageController } from './image-controller';
import { changeText, twoDigits } from './number-text';
import type { Repair } from './repairs';
import { possibleRepairs } from './repairs';

export interface RepairsSectionProps {
  readonly scene: Scene;
  readonly run: RunId;
  readonly protocol: AppProtocol;
  /** The headline number as it stands. */
  readonly score: number | null;
  readonly controller: ImageController;
}

interface PricedRepair extends Repair {
  readonly after: number | null;
}

const MOST_SHOWN = 3;
/** Priced after the image has stood still for so long, so that walking through images asks nothing. */
const SETTLE_MS = 150;

export function RepairsSection({ scene, run, protocol, score, controller }: RepairsSectionProps): ReactNode {
  const repairs = usePricedRepairs(scene, run, protocol, score);
  const gains = repairs.filter(({ after }) => after !== null && score !== null && after > score);
  if (gains.length === 0) return null;
  return (
    <section aria-labelledby="repairs-title">
      <header>
        <h2 id="repairs-title">What would fix more here</h2>
      </header>
      <ul className="repairs">
        {gains.map((repair) => (
          <li key={repair.box.key}>
            <button type="button" onClick={() => controller.editor.select(repair.box.key, 'walked')}>
              <OutcomeGlyph outcome={repair.box.outcome} />
              <span className="name">
                {repair.verb} {controller.className(repair.box.category)}{' '}
                {repair.verb === 'Replace' ? `IoU ${twoDigits(repair.box.iou)}` : twoDigits(repair.box.score)}
              </span>
              <span className="strong number">{changeText(score, repair.after)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Empty until priced; the prices of another scene or score are never shown. */
function usePricedRepairs(
  scene: Scene,
  run: RunId,
  protocol: AppProtocol,
  score: number | null,
): readonly PricedRepair[] {
  const [priced, setPriced] = useState<{
    readonly scene: Scene;
    readonly score: number | null;
    readonly repairs: readonly PricedRepair[];
  } | null>(null);
  useEffect(() => {
    let isWanted = true;
    const price = async (): Promise<void> => {
      const repairs: PricedRepair[] = [];
      for (const repair of possibleRepairs(scene, run, MOST_SHOWN)) {
        if (!isWanted) return;
        const { value } = await engine('edit.preview', { operations: repair.operations, run, protocol });
        repairs.push({ ...repair, after: value });
      }
      repairs.sort((a, b) => (b.after ?? 0) - (a.after ?? 0));
      if (isWanted) setPriced({ scene, score, repairs });
    };
    // A price that cannot be had is not shown; nothing else depends on it.
    const timer = setTimeout(() => void price().catch(() => undefined), SETTLE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [scene, run, protocol, score]);
  return priced?.scene === scene && priced.score === score ? priced.repairs : [];
}
