export * from './classifier';
export * from './photos';
export * from './attacks';
export * from './figures';
export * from './evaluate';
export * from './train';
