// Tasks on PostgreSQL: a pool of ten connections. pgx prepares each statement once a connection.
package main

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
)

type postgresStore struct{ pool *pgxpool.Pool }

func openPostgres(ctx context.Context, uri string) (store, error) {
	config, err := pgxpool.ParseConfig(uri)
	if err != nil {
		return nil, err
	}
	config.MaxConns = 10
	pool, err := pgxpool.ConnectConfig(ctx, config)
	return postgresStore{pool}, err
}

func (s postgresStore) list(ctx context.Context, owner int64, limit int) ([]Task, error) {
	rows, err := s.pool.Query(ctx,
		"SELECT "+columns+" FROM tasks WHERE owner_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2", owner, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	tasks := make([]Task, 0, limit)
	for rows.Next() {
		task, err := scanPostgres(rows)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, task)
	}
	return tasks, rows.Err()
}

func (s postgresStore) get(ctx context.Context, owner, id int64) (Task, error) {
	task, err := scanPostgres(s.pool.QueryRow(ctx, "SELECT "+columns+" FROM tasks WHERE id = $1 AND owner_id = $2", id, owner))
	if errors.Is(err, pgx.ErrNoRows) {
		err = errNotFound
	}
	return task, err
}

func (s postgresStore) create(ctx context.Context, owner int64, task NewTask) (Task, error) {
	return scanPostgres(s.pool.QueryRow(ctx,
		"INSERT INTO tasks (title, description, priority, due_at, owner_id) VALUES ($1, $2, $3, $4, $5) RETURNING "+columns,
		task.Title, task.Description, task.Priority, task.DueAt, owner))
}

func scanPostgres(row pgx.Row) (task Task, err error) {
	err = row.Scan(&task.ID, &task.Title, &task.Description, &task.Status, &task.Priority, &task.OwnerID, &task.AssigneeID,
		&task.Labels, &task.DueAt, &task.Archived, &task.CompletedAt, &task.CreatedAt, &task.UpdatedAt, &task.Version)
	return
}
