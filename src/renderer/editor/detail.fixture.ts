/** Image details for tests. */
import type { AnnotationView, Box, ImageDetail, PredictionView } from '../../contract/view-types';

export function truthView(id: number, box: Box, more: Partial<AnnotationView> = {}): AnnotationView {
  return {
    id,
    category: 1,
    box,
    crowd: false,
    difficult: false,
    outcome: 'miss',
    partner: null,
    iou: null,
    ...more,
  };
}

export function predictionView(index: number, box: Box, more: Partial<PredictionView> = {}): PredictionView {
  return {
    index,
    category: 1,
    box,
    score: 0.8,
    outcome: 'false-positive',
    annotation: null,
    iou: 0,
    ...more,
  };
}

export function detailOf(
  annotations: readonly AnnotationView[],
  predictions: readonly PredictionView[] = [],
  more: Partial<ImageDetail> = {},
): ImageDetail {
  return {
    image: 7,
    id: 7,
    name: 'image-7.png',
    width: 200,
    height: 100,
    orientation: 1,
    isMissing: false,
    status: 'to-do',
    note: '',
    annotations,
    predictions,
    ...more,
  };
}
