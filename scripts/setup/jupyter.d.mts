export function jupyterEnv(): NodeJS.ProcessEnv;
