import { createTheme, type PaletteOptions, type Theme } from '@mui/material/styles';

const FONT = 'system-ui, -apple-system, "Segoe UI", "Noto Sans", Roboto, sans-serif';

function themeOf(palette: PaletteOptions): Theme {
  return createTheme({
    palette,
    shape: { borderRadius: 8 },
    typography: {
      fontFamily: FONT,
      fontSize: 13.5,
      h1: { fontSize: '1.5rem', fontWeight: 650, letterSpacing: '-0.01em' },
      h2: { fontSize: '1.05rem', fontWeight: 650 },
      h3: { fontSize: '0.9rem', fontWeight: 650 },
      button: { textTransform: 'none', fontWeight: 600 },
      overline: { textTransform: 'none', letterSpacing: 0, fontWeight: 600, lineHeight: 1.6 },
    },
    components: {
      MuiPaper: { defaultProps: { elevation: 0 }, styleOverrides: { root: { backgroundImage: 'none' } } },
      MuiCard: { defaultProps: { variant: 'outlined' } },
      MuiButton: { defaultProps: { disableElevation: true } },
      MuiButtonBase: {
        styleOverrides: {
          root: { '&.Mui-focusVisible': { outline: '3px solid', outlineOffset: 2, outlineColor: 'currentColor' } },
        },
      },
      MuiTableCell: { styleOverrides: { head: { fontWeight: 650 } } },
      MuiTextField: { defaultProps: { variant: 'outlined', size: 'small' } },
    },
  });
}

/** Colours keep 4.5:1 against paper and background in both themes; nothing is told by colour alone. */
export const lightTheme = themeOf({
  mode: 'light',
  primary: { main: '#1f4f6b' },
  secondary: { main: '#6a3d7c' },
  error: { main: '#a4262c' },
  warning: { main: '#8a4b00' },
  success: { main: '#1c6b3c' },
  info: { main: '#1f4f6b' },
  background: { default: '#f4f5f3', paper: '#ffffff' },
  text: { primary: '#16201f', secondary: '#4d5a59' },
  divider: '#d5dad8',
});

/** The same for dark rooms. */
export const darkTheme = themeOf({
  mode: 'dark',
  primary: { main: '#8cc7e6' },
  secondary: { main: '#d3a8e4' },
  error: { main: '#ff9d97' },
  warning: { main: '#f2bd73' },
  success: { main: '#85d3a2' },
  info: { main: '#8cc7e6' },
  background: { default: '#111716', paper: '#1a2221' },
  text: { primary: '#e8eeec', secondary: '#a9b7b4' },
  divider: '#36423f',
});
