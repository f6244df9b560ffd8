/** One small HTTP service: the contract is the same in every track. */
package org.imagediet.service;
