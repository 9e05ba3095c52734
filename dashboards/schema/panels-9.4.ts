// What our dashboards are made of in Grafana 9.4, whose package of types lacks
// the panels: theirs are said here, as the plugins of that release have them.
import * as grafana from '@grafana/schema';

interface Legend { legend: grafana.VizLegendOptions }
interface Tooltip { tooltip: grafana.VizTooltipOptions }

export interface Schema {
  dashboard: grafana.Dashboard;
  row: grafana.RowPanel;
  panel: grafana.Panel;
  field: grafana.FieldConfig;
  'barchart options': Legend & Tooltip & grafana.OptionsWithTextFormatting & {
    barRadius?: number; barWidth: number; colorByField?: string; groupWidth: number; orientation: grafana.VizOrientation;
    showValue: grafana.VisibilityMode; stacking: grafana.StackingMode; xField?: string;
    xTickLabelMaxLength?: number; xTickLabelRotation: number; xTickLabelSpacing?: number;
  };
  'barchart custom': grafana.AxisConfig & grafana.HideableFieldConfig & {
    fillOpacity?: number; gradientMode?: grafana.GraphGradientMode; lineWidth?: number; thresholdsStyle?: grafana.GraphThresholdsStyleConfig;
  };
  'geomap options': {
    view: {
      id: string; lat?: number; lon?: number; zoom?: number; minZoom?: number; maxZoom?: number; padding?: number;
      allLayers?: boolean; lastOnly?: boolean; layer?: string; shared?: boolean;
    };
    controls: {
      showZoom?: boolean; mouseWheelZoom?: boolean; showAttribution?: boolean; showScale?: boolean; scaleUnits?: string;
      showDebug?: boolean; showMeasure?: boolean;
    };
    basemap: grafana.MapLayerOptions;
    layers: grafana.MapLayerOptions[];
    tooltip: { mode: 'none' | 'details' };
  };
  'geomap custom': grafana.HideableFieldConfig;
  'logs options': {
    showLabels: boolean; showCommonLabels: boolean; showTime: boolean; wrapLogMessage: boolean; prettifyLogMessage: boolean;
    enableLogDetails: boolean; sortOrder: 'Descending' | 'Ascending'; dedupStrategy: 'none' | 'exact' | 'numbers' | 'signature';
  };
  'stat options': grafana.SingleStatBaseOptions & {
    colorMode: grafana.BigValueColorMode; graphMode: grafana.BigValueGraphMode; justifyMode: grafana.BigValueJustifyMode;
    textMode: grafana.BigValueTextMode;
  };
  'state-timeline options': Legend & Tooltip & grafana.OptionsWithTimezones & {
    showValue: grafana.VisibilityMode; rowHeight: number; mergeValues?: boolean; alignValue?: grafana.TimelineValueAlignment;
  };
  'state-timeline custom': grafana.HideableFieldConfig & { lineWidth?: number; fillOpacity?: number };
  'table options': {
    frameIndex: number; showHeader: boolean; showTypeIcons?: boolean; sortBy?: grafana.TableSortByFieldState[];
    footer?: { show: boolean; reducer: string[]; fields?: string[]; enablePagination?: boolean; countRows?: boolean };
  };
  'table custom': grafana.TableFieldOptions & { displayMode?: string };
  'timeseries options': Legend & Tooltip & grafana.OptionsWithTimezones;
  'timeseries custom': grafana.GraphFieldConfig;
}
